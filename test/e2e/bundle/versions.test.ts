import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { get } from '../install/cluster-state.js';
import { mustRun, runKthena } from '../install/program.js';
import { newerVersion, olderVersion } from './versions.js';

const NAMESPACE = 'kthena-system';
const ROUTES = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/modelroutes.networking.serving.volcano.sh';
const VERSION = 'kthena.io/bundle-version';

let cluster: ControlPlane;
let folder: string;
let older: string;
let newer: string;

const must = async (...args: string[]): Promise<string> => (await mustRun(args, { env: cluster.env })).stdout;
const run = (...args: string[]) => runKthena(args, { env: cluster.env });

beforeAll(async () => {
  cluster = await startControlPlane();
  folder = mkdtempSync(join(tmpdir(), 'kthena-versions-'));
  for (const name of ['older', 'newer']) mkdirSync(join(folder, name));
  older = await olderVersion(join(folder, 'older'));
  newer = await newerVersion(join(folder, 'newer'));
  await must('install', '--no-wait', '--bundle', older, '--set', 'networking.kthenaRouter.replicas=2');
});
afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

async function routerArguments(): Promise<string[]> {
  const router = await get(cluster, `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/kthena-router`);
  const { template } = router!['spec'] as { template: { spec: { containers: { args: string[] }[] } } };
  return template.spec.containers[0]!.args;
}

/** The short names of the CRD that differs, and the bundle that it is of. */
async function routesCrd(): Promise<{ shortNames: string[]; version: string | undefined }> {
  const crd = await get(cluster, ROUTES);
  const { names } = crd!['spec'] as { names: { shortNames?: string[] } };
  return { shortNames: names.shortNames ?? [], version: crd!.metadata.annotations?.[VERSION] };
}

const secret = () => get(cluster, `/api/v1/namespaces/${NAMESPACE}/secrets/downloader-secrets`);

async function statusOf(): Promise<object> {
  return JSON.parse(await must('status', '-o', 'json')) as object;
}

describe('bundles of other versions than the built-in one', () => {
  it('install the older one', async () => {
    expect(await statusOf()).toMatchObject({ revision: 1, appVersion: '0.9.0', chartVersion: '0.9.0' });
    expect(await routerArguments()).toContain('--old-port=8080');
    expect(await routesCrd()).toEqual({ shortNames: [], version: '0.9.0' });
    expect(await secret()).toBeDefined();
  });

  it('show what the newer one would change', async () => {
    const { code, stdout } = await run('diff', '--bundle', newer, '--exit-code', '-o', 'json');
    expect(code).toBe(2);
    const { summary, crds } = JSON.parse(stdout) as { summary: object; crds: { name: string; action: string }[] };
    expect(summary).toMatchObject({ delete: 1 });
    expect(crds).toContainEqual(
      expect.objectContaining({ action: 'upgrade', name: 'modelroutes.networking.serving.volcano.sh' }),
    );
  });

  it('upgrade to the newer one: a changed template, a removed object, a changed CRD; the values stay', async () => {
    await must('upgrade', '--no-wait', '--yes', '--bundle', newer);
    expect(await statusOf()).toMatchObject({ revision: 2, appVersion: '1.1.0' });
    expect(await routerArguments()).toContain('--listen-port=8080');
    expect(await secret()).toBeUndefined();
    expect(await routesCrd()).toEqual({ shortNames: ['mroute'], version: '1.1.0' });
    expect(await must('get', 'values', '-o', 'json')).toContain('"replicas": 2');
    const again = await must('upgrade', '--no-wait', '--bundle', newer, '-o', 'json');
    expect(JSON.parse(again)).toMatchObject({ outcome: 'unchanged', revision: 2 });
  });

  it('list and compare the CRDs of the bundle that is named', async () => {
    const states = async (...args: string[]): Promise<string[]> =>
      (JSON.parse(await must('crds', 'list', '-o', 'json', ...args)) as { state: string }[]).map(({ state }) => state);
    expect(await states('--bundle', newer)).toEqual(['same', 'same', 'same', 'same', 'same']);
    expect((await states('--bundle', older)).filter((state) => state === 'differs')).toHaveLength(1);
    expect((await run('crds', 'diff', '--bundle', newer, '--exit-code')).code).toBe(0);
    expect((await run('crds', 'diff', '--bundle', older, '--exit-code')).code).toBe(2);
  });

  it('do not go back to older CRDs by an upgrade', async () => {
    const { code, stderr } = await run('upgrade', '--no-wait', '--yes', '--bundle', older);
    expect(code).toBe(1);
    expect(stderr).toContain('modelroutes.networking.serving.volcano.sh');
    expect(await statusOf()).toMatchObject({ revision: 2, appVersion: '1.1.0' });
  });

  it('roll back, with the CRDs as they are', async () => {
    await must('rollback', '--no-wait', '--yes');
    expect(await statusOf()).toMatchObject({ revision: 3, appVersion: '0.9.0' });
    expect(await routerArguments()).toContain('--old-port=8080');
    expect(await secret()).toBeDefined();
    expect(await routesCrd()).toEqual({ shortNames: ['mroute'], version: '1.1.0' });
  });

  it('roll back with the CRDs of the bundle that is named', async () => {
    await must('upgrade', '--no-wait', '--yes', '--bundle', newer);
    const without = await run('rollback', '--no-wait', '--yes', '--allow-downgrade');
    expect(without.code).toBe(1);
    expect(without.stderr).toContain('Name the bundle of Kthena 0.9.0 with --bundle');
    await must('rollback', '--no-wait', '--yes', '--allow-downgrade', '--bundle', older);
    expect(await statusOf()).toMatchObject({ revision: 5, appVersion: '0.9.0' });
    expect(await routesCrd()).toEqual({ shortNames: [], version: '0.9.0' });
  });

  it('upgrade one CRD after the other', async () => {
    const name = 'modelroutes.networking.serving.volcano.sh';
    await must('crds', 'upgrade', name, '--bundle', newer);
    expect(await routesCrd()).toEqual({ shortNames: ['mroute'], version: '1.1.0' });
    await must('crds', 'upgrade', name, '--bundle', older, '--allow-downgrade');
    expect(await routesCrd()).toEqual({ shortNames: [], version: '0.9.0' });
  });

  it('upgrade to the built-in one, and back to nothing', async () => {
    await must('upgrade', '--no-wait', '--yes');
    expect(await statusOf()).toMatchObject({ appVersion: '1.0.0' });
    expect(await routerArguments()).toContain('--port=8080');
    await must('uninstall');
  });
});
