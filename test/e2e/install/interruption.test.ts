import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import type { CommandResult } from '../../cluster/index.mjs';
import { startAuditedControlPlane, type AuditedCluster } from './audit.js';
import { clearReleases, eventually, get, objectsOfRelease } from './cluster-state.js';
import { goldenObjects } from './golden.js';
import { hasLine, mustRun, NEVER_READY, routerPods, runKthena, startKthena, type RunningProgram } from './program.js';

/** Long enough to be killed in the wait for it. */
const SLOW = routerPods('test.kthena/ready-after', '800ms');

let cluster: AuditedCluster;
/** Each test has a namespace of its own, which the install creates. */
let namespace: string;
let count = 0;

const kthena = (command: string, ...args: string[]): Promise<CommandResult> =>
  runKthena([command, '-n', namespace, ...args], { env: cluster.env });
const must = (command: string, ...args: string[]): Promise<CommandResult> =>
  mustRun([command, '-n', namespace, ...args], { env: cluster.env });
const start = (command: string, ...args: string[]): RunningProgram =>
  startKthena([command, '-n', namespace, ...args], { env: cluster.env });

beforeAll(async () => {
  cluster = await startAuditedControlPlane();
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  await clearReleases(cluster);
  namespace = `interrupted-${++count}`;
});

const record = (): string => `/api/v1/namespaces/${namespace}/secrets/sh.helm.release.v1.kthena.v1`;

/** What the labels of the record say, without the delay of a program. */
async function recorded(): Promise<{ status?: string; version?: string }> {
  return (await get(cluster, record()))?.metadata.labels ?? {};
}

async function status(): Promise<unknown> {
  return JSON.parse((await must('status', '-o', 'json')).stdout);
}

async function killWhen(program: RunningProgram, what: string, condition: () => Promise<boolean>): Promise<void> {
  await eventually(what, async () => {
    if (program.child.exitCode !== null) throw new Error(`it ended before ${what}:\n${program.progress()}`);
    return (await condition()) ? true : undefined;
  });
  program.child.kill('SIGKILL');
  expect((await program.end).code, 'it was still running').toBe(-1);
}

async function exists(path: string): Promise<boolean> {
  return (await get(cluster, path)) !== undefined;
}

describe('an install that is killed', () => {
  it.each([
    // The first of all tests, since the CRDs stay.
    [
      'once the first CRD is there',
      () => '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/modelservings.workload.serving.volcano.sh',
    ],
    ['once the record is there', () => record()],
    ['once a Deployment is there', () => `/apis/apps/v1/namespaces/${namespace}/deployments/kthena-controller-manager`],
  ])('%s has its record, pending-install, and ends when run again', async (what, path) => {
    await cluster.writes();
    await killWhen(start('install', ...SLOW), what, () => exists(path()));
    const writes = await cluster.writes();
    expect(writes.slice(0, 3)).toEqual([
      'create /api/v1/namespaces',
      `create /apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`,
      `create /api/v1/namespaces/${namespace}/secrets`,
    ]);

    expect(await status()).toMatchObject({ status: 'pending-install', revision: 1 });
    const { stdout } = await cluster.helm3(['list', '-n', namespace, '--pending', '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'kthena', revision: '1', status: 'pending-install' }]);

    expect((await must('install', ...SLOW)).stdout).toMatch(/is installed: .* revision 1\.$/m);
    expect(await recorded()).toMatchObject({ status: 'deployed', version: '1' });
    expect((await objectsOfRelease(cluster, 'kthena', namespace)).size).toBe(goldenObjects('default').length);
  });

  it('keeps nothing of values that the next attempt no longer has', async () => {
    await killWhen(start('install', ...SLOW), 'a Deployment', () =>
      exists(`/apis/apps/v1/namespaces/${namespace}/deployments/kthena-router`),
    );
    await must('install', '--set', 'networking.enabled=false');
    const left = await objectsOfRelease(cluster, 'kthena', namespace);
    expect([...left.keys()].filter((name) => name.includes('router'))).toEqual([]);
    expect(left.size).toBe(goldenObjects('workload-only').length);
  });

  it('keeps nothing of them either where the next attempt was stopped early', async () => {
    await killWhen(start('install', ...SLOW), 'a Deployment', () =>
      exists(`/apis/apps/v1/namespaces/${namespace}/deployments/kthena-router`),
    );
    const second = start('install', '--set', 'networking.enabled=false', '--debug');
    await eventually('the first request', () => (second.progress().includes('GET /') ? true : undefined));
    second.child.kill('SIGINT');
    await second.end;
    await must('install', '--set', 'networking.enabled=false');
    const left = await objectsOfRelease(cluster, 'kthena', namespace);
    expect([...left.keys()].filter((name) => name.includes('router'))).toEqual([]);
  });
});

describe('an install that fails', () => {
  it('tells why, is recorded as failed, and ends when run again without the cause', async () => {
    const failed = await kthena('install', '--timeout', '3s', ...NEVER_READY);
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr).toContain('Error: not everything is ready after 3 s');
    expect(failed.stderr).toMatch(
      new RegExp(`^  Deployment/${namespace}/kthena-router: .*\n    ImagePullBackOff: .*made to fail by the test`, 'm'),
    );
    expect(failed.stderr).not.toMatch(/^\s+at /m);
    const description = expect.stringContaining('not everything is ready') as string;
    expect(await status()).toMatchObject({ status: 'failed', revision: 1, description });
    const helm = await cluster.helm4(['status', 'kthena', '-n', namespace, '-o', 'json']);
    expect(JSON.parse(helm.stdout)).toMatchObject({ version: 1, info: { status: 'failed' } });

    await must('install');
    expect(await recorded()).toMatchObject({ status: 'deployed', version: '1' });
  });
});

describe('Ctrl-C', () => {
  it('while an install waits ends it with 130, says what was done, and how to go on', async () => {
    const install = start('install', ...NEVER_READY);
    await eventually('the wait', () => (install.progress().includes('Waiting for') ? true : undefined));
    install.child.kill('SIGINT');
    const { code, stdout, stderr } = await install.end;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(hasLine(stderr, `Deployment/${namespace}/kthena-router`, 'created')).toBe(true);
    expect(stderr).toMatch(/^Error: stopped while waiting for the objects to be ready$/m);
    expect(stderr).toContain(`Deployment/${namespace}/kthena-router: `);
    expect(stderr).toMatch(/Run the same command again to go on/);
    expect(await recorded()).toMatchObject({ status: 'failed', version: '1' });

    await must('install');
    expect(await recorded()).toMatchObject({ status: 'deployed', version: '1' });
  });

  it('twice ends the program at once', async () => {
    const install = start('install', ...NEVER_READY, '--debug');
    await eventually('the first request', () => (install.progress().includes('GET /') ? true : undefined));
    install.child.kill('SIGINT');
    await eventually('the first is heard', () => (install.progress().includes('Ctrl-C again') ? true : undefined));
    install.child.kill('SIGINT');
    expect((await install.end).code).toBe(130);
  });

  it('before the first write leaves the cluster as it was', async () => {
    await cluster.writes();
    const install = start('install', '--debug');
    await eventually('the first request', () => (install.progress().includes('GET /') ? true : undefined));
    install.child.kill('SIGINT');
    expect((await install.end).code).toBe(130);
    expect(await cluster.writes()).toEqual([]);
  });
});

describe('an uninstall that is killed', () => {
  const held = (): string => `/api/v1/namespaces/${namespace}/configmaps/kthena-router-config`;
  const hold = (finalizers: string[]): Promise<unknown> =>
    cluster.request('PATCH', held(), { metadata: { finalizers } });

  it('while it waits is seen as uninstalling, and ends when run again', async () => {
    await must('install', '--no-wait');
    await hold(['kthena.test/hold']);
    await killWhen(start('uninstall', '--wait'), 'the wait', async () => {
      const object = (await get(cluster, held())) as KubeObject;
      return object.metadata.deletionTimestamp !== undefined;
    });
    expect(await status()).toMatchObject({ status: 'uninstalling', revision: 1 });
    const install = await kthena('install');
    expect(install.code).toBe(1);
    expect(install.stderr).toMatch(/is uninstalling[^]*kthena uninstall kthena -n interrupted/);
    await hold([]);
    await must('uninstall', '--wait');
    expect((await objectsOfRelease(cluster, 'kthena', namespace)).size).toBe(0);
    expect((await kthena('status')).stderr).toContain('not found');
  });

  it('after the first deletion leaves nothing behind when run again', async () => {
    await must('install', '--no-wait');
    const first =
      '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/kthena-controller-manager-mutating-webhook';
    const uninstall = start('uninstall');
    await eventually('the first deletion', async () => ((await exists(first)) ? undefined : true));
    uninstall.child.kill('SIGKILL');
    await uninstall.end;
    await must('uninstall', '--ignore-not-found');
    expect((await objectsOfRelease(cluster, 'kthena', namespace)).size).toBe(0);
    expect((await kthena('status')).stderr).toContain('not found');
  });
});
