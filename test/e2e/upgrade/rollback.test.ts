import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { differences } from '../../../src/plan/difference.js';
import { startControlPlane, type CommandResult, type ControlPlane } from '../../cluster/index.mjs';
import {
  clearReleases,
  eventually,
  get,
  objectsOfRelease,
  settledVersionsIn,
  versionsIn,
} from '../install/cluster-state.js';
import type { Schema } from '../crds/crd-cluster.js';
import { shippedCrds } from '../install/golden.js';
import { mustRun, NEVER_READY, runKthena, startKthena } from '../install/program.js';
import { editRecord, recordOf, revisionsIn } from './records.js';

const CRD = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/modelroutes.networking.serving.volcano.sh';

let cluster: ControlPlane;
let namespace: string;
let count = 0;

const kthena = (command: string, ...args: string[]): Promise<CommandResult> =>
  runKthena([command, ...args, '-n', namespace], { env: cluster.env });
const must = (command: string, ...args: string[]): Promise<CommandResult> =>
  mustRun([command, ...args, '-n', namespace], { env: cluster.env });
const install = (...args: string[]): Promise<CommandResult> => must('install', '--no-wait', ...args);
const upgrade = (...args: string[]): Promise<CommandResult> => must('upgrade', '--no-wait', ...args);
const rollback = (...args: string[]): Promise<CommandResult> => must('rollback', '--no-wait', ...args);
const replicas = (number: number): string[] => ['--set', `networking.kthenaRouter.replicas=${number}`];

beforeAll(async () => {
  cluster = await startControlPlane();
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  await clearReleases(cluster);
  namespace = `back-${++count}`;
});

async function liveReplicas(): Promise<unknown> {
  const router = await get(cluster, `/apis/apps/v1/namespaces/${namespace}/deployments/kthena-router`);
  return (router!['spec'] as { replicas: number }).replicas;
}

async function settledObjects(): Promise<Map<string, KubeObject>> {
  await settledVersionsIn(cluster);
  return objectsOfRelease(cluster, 'kthena', namespace);
}

async function newestStatus(): Promise<string> {
  return (await revisionsIn(cluster, namespace)).at(-1)!;
}

/** As a run that was killed after its first write leaves a record. */
function abandon(revision: number, status: 'pending-upgrade' | 'failed'): Promise<void> {
  return editRecord(cluster, namespace, revision, ({ info }) => void (info.status = status));
}

describe('kthena rollback', () => {
  it('brings the objects and values of the revision before back, as a new one, after a plan', async () => {
    await install(...replicas(2), '--set', 'networking.kthenaRouter.podLabels.team=serving');
    const before = await settledObjects();
    await upgrade('--reset-values', '--set', 'workload.enabled=false', ...replicas(3));

    const { stdout, stderr } = await rollback();
    expect(stderr).toMatch(/^create Deployment\/.*\/kthena-controller-manager$/m);
    expect(stderr).toMatch(/^ +spec\.replicas: 3 → 2$/m);
    expect(stderr).toMatch(/^Plan: \d+ to create, 1 to update, \d+ unchanged\.$/m);
    expect(stdout).toContain(`Release kthena in namespace ${namespace} is back at revision 1, as revision 3.`);

    const after = await settledObjects();
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    const changed = [...before].flatMap(([name, object]) => differences(object, after.get(name)!));
    // What was deleted in between has another address and another certificate now.
    const isAnew = /deployment.kubernetes.io.revision|^spec.clusterIP|clientConfig.caBundle$/;
    expect(changed.filter(({ path }) => !isAnew.test(path))).toEqual([]);
    const [first, third] = [await recordOf(cluster, namespace, 1), await recordOf(cluster, namespace, 3)];
    expect([third.config, third.manifest]).toEqual([first.config, first.manifest]);
    expect(third.info).toMatchObject({ status: 'deployed', description: 'Rollback to 1', rollback_revision: 1 });
    expect(third.info.first_deployed).toBe(first.info.first_deployed);
    expect((await upgrade()).stdout).toContain('nothing changes');
  });

  it('goes to the revision that is asked for, and does nothing where it is there', async () => {
    await install();
    for (const number of [2, 3]) await upgrade(...replicas(number));
    await rollback('kthena', '1');
    expect(await liveReplicas()).toBe(1);
    expect(JSON.parse((await rollback('kthena', '2', '-o', 'json')).stdout)).toMatchObject({
      outcome: 'rolled-back',
      revision: 5,
      target: 2,
    });
    expect(await liveReplicas()).toBe(2);

    const before = await settledVersionsIn(cluster);
    const { stdout } = await rollback('kthena', '2');
    expect(stdout).toContain('Release kthena is as revision 2 was: nothing changes (revision 5).');
    expect(await versionsIn(cluster)).toEqual(before);
  });

  it('only shows what it would do with --dry-run', async () => {
    await install();
    await upgrade(...replicas(2));
    const before = await settledVersionsIn(cluster);
    const { stdout, stderr } = await rollback('--dry-run');
    expect(stderr).toMatch(/^ +spec\.replicas: 2 → 1$/m);
    expect(stdout).toContain('Dry run of rolling kthena back to revision 1; nothing was stored.');
    expect(await versionsIn(cluster)).toEqual(before);
  });

  it('names the revisions that there are where it is asked for another', async () => {
    await install();
    const before = await settledVersionsIn(cluster);
    const unknown = await kthena('rollback', 'kthena', '7');
    expect({ code: unknown.code, stdout: unknown.stdout }).toEqual({ code: 1, stdout: '' });
    expect(unknown.stderr).toBe(
      `Error: release kthena has no revision 7\n  there are: 1 (deployed)\nHint: kthena history kthena -n ${namespace} shows them.\n`,
    );
    expect((await kthena('rollback')).stderr).toContain('has no earlier revision that was deployed');
    expect((await kthena('rollback', 'other')).stderr).toContain(`release other not found in namespace ${namespace}`);
    for (const wrong of ['0', '-1', 'one', '1.5']) expect((await kthena('rollback', 'kthena', wrong)).code).toBe(1);
    expect(await versionsIn(cluster)).toEqual(before);
  });

  it('leaves a revision that failed or was interrupted for the one deployed before it', async () => {
    await install();
    await upgrade(...replicas(2));
    for (const [revision, status] of [
      [3, 'failed'],
      [5, 'pending-upgrade'],
    ] as const) {
      await upgrade('--set', 'workload.enabled=false', ...replicas(9));
      await abandon(revision, status);
      // As it was before that revision's end.
      expect((await rollback()).stdout).toContain(`is back at revision ${revision - 1}`);
      expect(await liveReplicas()).toBe(2);
    }
    expect(await newestStatus()).toBe('6 deployed');
  });

  it('names the fields that others changed since, and takes them only by force', async () => {
    await install();
    await upgrade(...replicas(2), '--set', 'networking.kthenaRouter.image.tag=v1.0.9');
    await cluster.kubectl(['set', 'image', 'deployment/kthena-router', '*=example.com/mine:1', '-n', namespace]);
    const { code, stderr } = await kthena('rollback');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: the cluster does not take this rollback; nothing was written$/m);
    expect(stderr).toMatch(/image belongs to kubectl-set: "example.com\/mine:1" would become ".*:v1\.0\.0"$/m);
    expect(await newestStatus()).toBe('2 deployed');
    await rollback('--force-conflicts');
    expect(await liveReplicas()).toBe(1);
  });
});

describe('a rollback that is killed', () => {
  it('is ended by the next one, as the same revision; an upgrade says so', async () => {
    await install(...NEVER_READY);
    await upgrade('--reset-values', ...replicas(2));
    await upgrade(...replicas(3));
    const running = startKthena(['rollback', 'kthena', '1', '-n', namespace], { env: cluster.env });
    await eventually('the wait', () => (running.progress().includes('Waiting for') ? true : undefined));
    running.child.kill('SIGKILL');
    await running.end;
    expect(await newestStatus()).toBe('4 pending-rollback');

    const { code, stderr } = await kthena('upgrade', ...replicas(4));
    expect(code).toBe(1);
    expect(stderr).toContain(`Run kthena rollback kthena 1 -n ${namespace} to end it.`);

    expect((await rollback()).stdout).toContain('is back at revision 1, as revision 4.');
    expect(await newestStatus()).toBe('4 deployed');
  });

  it('can be left for another revision', async () => {
    await install(...NEVER_READY);
    await upgrade('--reset-values', ...replicas(2));
    const running = startKthena(['rollback', '-n', namespace], { env: cluster.env });
    await eventually('the wait', () => (running.progress().includes('Waiting for') ? true : undefined));
    running.child.kill('SIGKILL');
    await running.end;
    expect((await rollback('kthena', '2')).stdout).toContain('is back at revision 2, as revision 4.');
    expect(await liveReplicas()).toBe(2);
  });
});

describe('CRDs', () => {
  const ofVersion = (revision: number, version: string): Promise<void> =>
    editRecord(
      cluster,
      namespace,
      revision,
      ({ chart: { metadata } }) => void (metadata.appVersion = metadata.version = version),
    );

  it('stay as they are, with a remark where the revision is of another version', async () => {
    await install(...replicas(2));
    await upgrade(...replicas(3));
    await ofVersion(1, '0.9.0');
    const before = await get(cluster, CRD);
    expect((await rollback()).stdout).toContain(
      'Note: the CRDs stay as they are, though revision 1 is of Kthena 0.9.0\n',
    );
    expect((await get(cluster, CRD))!.metadata.resourceVersion).toBe(before!.metadata.resourceVersion);
    expect((await recordOf(cluster, namespace, 3)).chart.metadata.appVersion).toBe('0.9.0');
  });

  it('of a version that is not at hand cannot be brought back', async () => {
    await install();
    await upgrade(...replicas(3));
    await ofVersion(1, '0.9.0');
    const { code, stderr } = await kthena('rollback', '--allow-downgrade');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: --allow-downgrade: the bundle has the CRDs of Kthena 1\.0\.0 only$/m);
    expect(stderr).toContain('Name the bundle of Kthena 0.9.0 with --bundle');
    expect(await newestStatus()).toBe('2 deployed');
  });

  it('go back to those of this version with --allow-downgrade', async () => {
    await install();
    await upgrade(...replicas(3));
    await ofVersion(2, '1.1.0');
    await applyNewer();
    expect(JSON.stringify(await get(cluster, CRD))).toContain('"ofTomorrow"');

    expect((await rollback('--dry-run')).stdout).toContain('the CRDs stay as they are');
    const { stderr } = await rollback('--allow-downgrade');
    expect(stderr).toMatch(/^downgrade CustomResourceDefinition\/modelroutes\.networking\.serving\.volcano\.sh$/m);
    expect((await get(cluster, CRD))!.metadata.annotations).toMatchObject({ 'kthena.io/bundle-version': '1.0.0' });
    expect(JSON.stringify(await get(cluster, CRD))).not.toContain('"ofTomorrow"');
  });

  /** As a later kthena does. */
  async function applyNewer(): Promise<void> {
    const crd = shippedCrds().find(({ metadata }) => CRD.endsWith(metadata.name))!;
    const { versions } = crd['spec'] as { versions: { schema: { openAPIV3Schema: Schema } }[] };
    versions[0]!.schema.openAPIV3Schema.properties!['spec']!.properties!['ofTomorrow'] = { type: 'string' };
    crd.metadata.annotations = { ...crd.metadata.annotations, 'kthena.io/bundle-version': '1.1.0' };
    const flags = ['--server-side', '--field-manager=kthena', '-f', '-'];
    expect(await cluster.kubectl(['apply', ...flags], { input: JSON.stringify(crd) })).toMatchObject({ code: 0 });
  }
});
