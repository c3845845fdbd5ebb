import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatRef, refOf, type KubeObject } from '../../../src/kube/object.js';
import { startControlPlane, type CommandResult, type ControlPlane } from '../../cluster/index.mjs';
import { get, objectsIn, objectsOfRelease, settledVersionsIn, versionsIn } from './cluster-state.js';
import { goldenObjects, missingFrom, shippedCrds } from './golden.js';
import { mustRun, runKthena } from './program.js';

const NAMESPACE = 'kthena-system';

let cluster: ControlPlane;
const kthena = (...args: string[]): Promise<CommandResult> => runKthena(args, { env: cluster.env });
const must = (...args: string[]): Promise<CommandResult> => mustRun(args, { env: cluster.env });

beforeAll(async () => {
  cluster = await startControlPlane();
});
afterAll(() => cluster.stop());

/** The tests follow one cluster through its life: each begins where the one before ended. */
describe('what kubectl applied from kthena template', () => {
  const apply = async (): Promise<CommandResult> => {
    const { stdout } = await must('template', '--include-crds');
    return cluster.kubectl(['apply', '--server-side', '-f', '-'], { input: stdout });
  };

  it('is accepted by the API server, and again', async () => {
    expect(await cluster.kubectl(['create', 'namespace', NAMESPACE])).toMatchObject({ code: 0 });
    const first = await apply();
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout.trim().split('\n')).toHaveLength(shippedCrds().length + goldenObjects('default').length);
    expect(await apply()).toMatchObject({ code: 0, stderr: '' });
  });

  it('has CRDs that lost nothing on the way', async () => {
    for (const crd of shippedCrds()) {
      const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crd.metadata.name}`;
      const live = (await get(cluster, path)) as KubeObject;
      expect(withoutServerDefaults(live), crd.metadata.name).toEqual(crd['spec']);
    }
  });

  it('is listed by kthena install as not its own, and not touched', async () => {
    const before = await settledVersionsIn(cluster);
    const { code, stdout, stderr } = await kthena('install');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    for (const object of goldenObjects('default'))
      expect(stderr).toContain(`${formatRef(refOf(object))}: exists and belongs to no release`);
    expect(stderr).toContain('--take-ownership');
    expect(await versionsIn(cluster)).toEqual(before);
  });

  it('becomes part of a release with --take-ownership', async () => {
    const { stdout } = await must('install', '--take-ownership', '--dry-run');
    for (const object of goldenObjects('default'))
      expect(stdout).toContain(`${formatRef(refOf(object))} would be adopted`);
    expect((await objectsOfRelease(cluster, 'kthena', NAMESPACE)).size).toBe(0);

    await must('install', '--take-ownership');
    const live = await objectsOfRelease(cluster, 'kthena', NAMESPACE);
    const expected = goldenObjects('default');
    expect([...live.keys()].sort()).toEqual(expected.map((object) => formatRef(refOf(object))).sort());
    const missing = expected.flatMap((object) => missingFrom(live.get(formatRef(refOf(object))), object));
    expect(missing).toEqual([]);
    const { stdout: list } = await cluster.helm4(['list', '-n', NAMESPACE, '-o', 'json']);
    expect(JSON.parse(list)).toMatchObject([{ name: 'kthena', revision: '1', status: 'deployed' }]);
  });

  it('is as if kthena had installed it: nothing to change, and gone with an uninstall', async () => {
    const before = await settledVersionsIn(cluster);
    expect((await must('install')).stdout).toContain('nothing changes');
    expect(await versionsIn(cluster)).toEqual(before);
    await must('uninstall');
    expect((await objectsOfRelease(cluster, 'kthena', NAMESPACE)).size).toBe(0);
  });
});

describe('a second install in the cluster', () => {
  it('is refused whatever the flags, since cluster-scoped objects have one owner', async () => {
    await must('install', '--no-wait');
    const before = await settledVersionsIn(cluster);
    for (const flags of [[], ['--take-ownership']]) {
      const { code, stdout, stderr } = await kthena('install', 'second', '-n', 'elsewhere', ...flags);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^Error: .*release kthena in namespace kthena-system/m);
      expect(stderr).not.toContain('--take-ownership');
    }
    expect(await versionsIn(cluster)).toEqual(before);
    expect([...(await objectsIn(cluster)).keys()]).not.toContain('Namespace/elsewhere');
  });
});

/** The spec of a live CRD as it was before the API server filled in what was left out. */
function withoutServerDefaults({ spec }: KubeObject): unknown {
  const { conversion, preserveUnknownFields: _, ...rest } = spec as Record<string, unknown>;
  expect(conversion).toEqual({ strategy: 'None' });
  return rest;
}
