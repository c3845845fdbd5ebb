import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { differences } from '../../../src/plan/difference.js';
import { startControlPlane, type CommandResult, type ControlPlane } from '../../cluster/index.mjs';
import {
  clearReleases,
  create,
  crdNames,
  deleteCrds,
  eventually,
  get,
  objectsIn,
  objectsOfRelease,
  settledVersionsIn,
  versionsIn,
} from '../install/cluster-state.js';
import { mustRun, NEVER_READY, routerPods, runKthena, startKthena } from '../install/program.js';
import { recordOf, revisionsIn } from './records.js';

/** The wait for it ends at once, since it cannot get better. */
const FAILING = routerPods('test.kthena/waiting-reason', 'InvalidImageName');
const CAUSE =
  /^Error: some objects cannot become ready by themselves\n {2}Deployment\/.*\/kthena-router: .*\n {4}InvalidImageName: /m;

let cluster: ControlPlane;
let namespace: string;
let count = 0;

const kthena = (command: string, ...args: string[]): Promise<CommandResult> =>
  runKthena([command, '-n', namespace, ...args], { env: cluster.env });
const must = (command: string, ...args: string[]): Promise<CommandResult> =>
  mustRun([command, '-n', namespace, ...args], { env: cluster.env });

beforeAll(async () => {
  cluster = await startControlPlane();
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  await clearReleases(cluster);
  namespace = `failing-${++count}`;
});

/** So that no other release seems to need the CRDs. */
async function forgetReleases(): Promise<void> {
  await cluster.kubectl(['delete', 'secret', '--all-namespaces', '-l', 'owner=helm']);
}

/** Statuses of the revisions but the first, which may count as deployed or superseded. */
async function laterRevisions(): Promise<string[]> {
  return (await revisionsIn(cluster, namespace)).slice(1);
}

describe('an upgrade that fails, with --rollback-on-failure', () => {
  it.each(['--rollback-on-failure', '--atomic'])('leaves the objects as they were (%s)', async (flag) => {
    await must('install', '--no-wait', '--set', 'networking.kthenaRouter.replicas=2');
    await settledVersionsIn(cluster);
    const before = await objectsOfRelease(cluster, 'kthena', namespace);

    const values = ['workload.enabled=false', 'networking.kthenaRouter.podDisruptionBudget.enabled=true'];
    const set = [...values, 'networking.kthenaRouter.podDisruptionBudget.minAvailable=1'].flatMap((value) => [
      '--set',
      value,
    ]);
    const { code, stdout, stderr } = await kthena('upgrade', flag, '--timeout', '40s', ...set, ...FAILING);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(CAUSE);
    expect(stderr).toContain('Revision 1 was brought back, as revision 3.');
    expect(stderr).not.toContain('Run the same command again');

    await settledVersionsIn(cluster);
    const after = await objectsOfRelease(cluster, 'kthena', namespace);
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    const changed = [...before].flatMap(([name, object]) => differences(object, after.get(name)!));
    // What was deleted in between has another address and another certificate now.
    const isAnew = /deployment.kubernetes.io.revision|^spec.clusterIP|clientConfig.caBundle$/;
    expect(changed.filter(({ path }) => !isAnew.test(path))).toEqual([]);
    expect(await laterRevisions()).toEqual(['2 failed', '3 deployed']);
    expect((await recordOf(cluster, namespace, 2)).info.description).toMatch(/^Upgrade failed: some objects cannot/);
    expect((await recordOf(cluster, namespace, 3)).info).toMatchObject({
      description: 'Rollback to 1',
      rollback_revision: 1,
    });
    expect((await kthena('diff', '--exit-code')).code).toBe(0);
    expect((await must('upgrade')).stdout).toContain('nothing changes');
  });

  it('goes back when it is stopped with Ctrl-C too, and ends with 130', async () => {
    await must('install', '--no-wait');
    const running = startKthena(['upgrade', '-n', namespace, '--atomic', ...NEVER_READY], { env: cluster.env });
    await eventually('the wait', () => (running.progress().includes('Waiting for') ? true : undefined));
    running.child.kill('SIGINT');
    const { code, stderr } = await running.end;
    expect(code).toBe(130);
    expect(stderr).toContain('Revision 1 was brought back, as revision 3.');
    expect(await laterRevisions()).toEqual(['2 failed', '3 deployed']);
  });

  it('tells both failures where the revision of before does not become ready either', async () => {
    await must('install', '--no-wait', ...NEVER_READY);
    const { code, stderr } = await kthena(
      'upgrade',
      '--atomic',
      '--timeout',
      '2s',
      '--set',
      'networking.kthenaRouter.port=8081',
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: not everything is ready after 2 s$/m);
    expect(stderr).toMatch(/^ {2}Revision 1 could not be brought back: not everything is ready after 2 s$/m);
    expect(await laterRevisions()).toEqual(['2 failed', '3 failed']);
  });

  it('is refused where it would adopt objects, before anything is written', async () => {
    await must('install', '--no-wait', '--set', 'workload.enabled=false');
    const foreign = { metadata: { name: 'model-booster-controller-config' }, data: { a: 'b' } };
    await create(cluster, `/api/v1/namespaces/${namespace}/configmaps`, foreign);
    const before = await settledVersionsIn(cluster);
    const { code, stderr } = await kthena('upgrade', '--atomic', '--take-ownership', '--set', 'workload.enabled=true');
    expect(code).toBe(1);
    expect(stderr).toContain('Error: --rollback-on-failure cannot give back what is taken from others');
    expect(stderr).toContain(`ConfigMap/${namespace}/model-booster-controller-config: would be adopted`);
    expect(await versionsIn(cluster)).toEqual(before);
  });
});

describe('an upgrade that fails, without it', () => {
  it('is recorded as failed, says both ways on, and ends when run again without the cause', async () => {
    await must('install', '--no-wait');
    const { code, stderr } = await kthena('upgrade', '--timeout', '40s', ...FAILING);
    expect(code).toBe(1);
    expect(stderr).toMatch(CAUSE);
    expect(stderr).toContain(
      `Run the same command again to go on, or kthena rollback kthena -n ${namespace} to go back`,
    );
    expect(await laterRevisions()).toEqual(['2 failed']);
    expect((await must('upgrade', '--set', 'networking.kthenaRouter.replicas=2')).stdout).toContain('revision 3.');
    expect(JSON.stringify((await recordOf(cluster, namespace, 3)).config)).not.toContain('waiting-reason');
  });
});

describe('an install that fails, with --rollback-on-failure', () => {
  it.each(['install', 'upgrade --install'])(
    'leaves nothing at all behind (%s)',
    async (command) => {
      await forgetReleases();
      await deleteCrds(cluster);
      const before = [...(await objectsIn(cluster)).keys()];
      const [first, ...rest] = command.split(' ');
      const { code, stdout, stderr } = await kthena(first!, ...rest, '--atomic', '--timeout', '50s', ...FAILING);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(CAUSE);
      expect(stderr).toContain('Everything was removed again.');
      expect([...(await objectsIn(cluster)).keys()]).toEqual(before);
    },
    120_000,
  );

  it('keeps a namespace and CRDs that were there before', async () => {
    namespace = await cluster.newNamespace();
    await create(cluster, `/api/v1/namespaces/${namespace}/configmaps`, { metadata: { name: 'ours' } });
    await mustRun(['crds', 'upgrade'], { env: cluster.env });
    const before = [...(await objectsIn(cluster)).keys()];
    expect(await crdNames(cluster)).not.toEqual([]);
    expect((await kthena('install', '--atomic', '--timeout', '50s', ...FAILING)).code).toBe(1);
    expect([...(await objectsIn(cluster)).keys()].sort()).toEqual(before.sort());
  }, 120_000);

  it('keeps CRDs of its own that somebody has made resources of, and names them', async () => {
    await forgetReleases();
    await deleteCrds(cluster);
    const noWebhooks = ['workload.controllerManager', 'networking.kthenaRouter'].flatMap((component) => [
      '--set',
      `${component}.webhook.enabled=false`,
    ]);
    const running = startKthena(
      ['install', '-n', namespace, '--atomic', '--timeout', '50s', ...noWebhooks, ...NEVER_READY],
      { env: cluster.env },
    );
    await eventually('the wait', () => (running.progress().includes('Waiting for') ? true : undefined));
    const path = '/apis/networking.serving.volcano.sh/v1alpha1/namespaces/default/modelroutes';
    await create(cluster, path, {
      apiVersion: 'networking.serving.volcano.sh/v1alpha1',
      kind: 'ModelRoute',
      metadata: { name: 'kept' },
      spec: { modelName: 'm', rules: [{ name: 'all', targetModels: [{ modelServerName: 's' }] }] },
    });
    running.child.kill('SIGINT');
    const { code, stderr } = await running.end;
    expect(code).toBe(130);
    expect(stderr).toMatch(
      /Everything was removed again but CRDs of which there are resources by now: modelroutes\.networking\.serving\.volcano\.sh\.$/m,
    );
    expect(await get(cluster, `${path}/kept`)).toBeDefined();
    expect(await crdNames(cluster)).toEqual(['modelroutes.networking.serving.volcano.sh']);
    expect((await objectsOfRelease(cluster, 'kthena', namespace)).size).toBe(0);
    expect(await revisionsIn(cluster, namespace)).toEqual([]);
    await cluster.request('DELETE', `${path}/kept`);
  }, 120_000);
});

describe('an upgrade --install that fails, without it', () => {
  it('ends as the same revision when run again; diff says what is left to do', async () => {
    const values = ['--set', 'workload.enabled=false'];
    const failed = await kthena('upgrade', '--install', '--timeout', '40s', ...FAILING);
    expect(failed.code).toBe(1);
    expect(await revisionsIn(cluster, namespace)).toEqual(['1 failed']);
    const plan = await kthena('diff', '--exit-code', ...values);
    expect(plan.code).toBe(2);
    expect(plan.stdout).toContain('what an install would change');
    expect(plan.stdout).toMatch(/^delete Deployment\/.*\/kthena-controller-manager$/m);

    const alone = await kthena('upgrade', ...values);
    expect(alone.code).toBe(1);
    expect(alone.stderr).toContain('Run the same kthena install again to end it');
    await must('upgrade', '--install', ...values);
    expect(await revisionsIn(cluster, namespace)).toEqual(['1 deployed']);
    expect((await kthena('diff', '--exit-code')).code).toBe(0);
  });
});
