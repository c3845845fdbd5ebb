import { tmpdir } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Cluster, CommandResult } from '../../cluster/index.mjs';
import { crdOf, NETWORKING, WORKLOAD } from '../../fixtures/crds/history.js';
import { runKthena } from '../install/program.js';
import { samplesOf } from './breaking-upgrade.js';
import { createCrds, createResources, nameOf, resetCrds, versionsIn } from './crd-cluster.js';
import { lightCrdsOf } from './light.js';

const NAMES = {
  policies: `autoscalingpolicies.${WORKLOAD}`,
  bindings: `autoscalingpolicybindings.${WORKLOAD}`,
  boosters: `modelboosters.${WORKLOAD}`,
  routes: `modelroutes.${NETWORKING}`,
  servers: `modelservers.${NETWORKING}`,
  servings: `modelservings.${WORKLOAD}`,
};

interface Listed {
  name: string;
  kind: string;
  state: string;
  storedVersions: string[];
  resources: number;
  managers: string[];
}

interface Diffed {
  crds: {
    name: string;
    action: string;
    changes: { path: string; rating: string; rule: string }[];
    affected: { ref: { kind: string; name: string } }[];
  }[];
}

export function listAndDiff(cluster: () => Cluster): void {
  const kthena = (...args: string[]): Promise<CommandResult> =>
    runKthena(['crds', ...args], { env: cluster().env, cwd: tmpdir() });

  /** Policies and servers as bundled, servings missing, the others of 0.3, most of them with resources. */
  async function mixed(): Promise<void> {
    await resetCrds(cluster(), []);
    await kthena('upgrade', NAMES.policies, NAMES.servers);
    const older = ['AutoscalingPolicyBinding', 'ModelBooster', 'ModelRoute'];
    await createCrds(
      cluster(),
      older.map((kind) => crdOf('0.3', kind)),
      'helm',
    );
    const server = samplesOf('1.0').filter(({ kind }) => kind === 'ModelServer');
    await createResources(cluster(), [...samplesOf('0.3').filter(({ kind }) => older.includes(kind)), ...server]);
  }

  describe('with CRDs that are the same, differ, are missing and are not of this bundle', () => {
    beforeAll(mixed);

    it('list tells the state, stored versions, number of resources and managers of each', async () => {
      const { code, stdout } = await kthena('list', '-o', 'json');
      expect(code).toBe(0);
      const row = (name: string, kind: string, state: string, resources: number, manager?: string): Listed => ({
        name,
        kind,
        state,
        storedVersions: manager === undefined ? [] : ['v1alpha1'],
        resources,
        managers: manager === undefined ? [] : [manager],
      });
      expect(JSON.parse(stdout)).toEqual([
        row(NAMES.policies, 'AutoscalingPolicy', 'same', 0, 'kthena'),
        row(NAMES.bindings, 'AutoscalingPolicyBinding', 'not of this bundle', 1, 'helm'),
        row(NAMES.boosters, 'ModelBooster', 'differs', 1, 'helm'),
        row(NAMES.routes, 'ModelRoute', 'differs', 2, 'helm'),
        row(NAMES.servers, 'ModelServer', 'same', 2, 'kthena'),
        row(NAMES.servings, 'ModelServing', 'missing', 0),
      ]);
    });

    it('list shows the same as a table', async () => {
      const { code, stdout } = await kthena('list');
      expect(code).toBe(0);
      const [head, ...rows] = stdout.trimEnd().split('\n');
      expect(head).toMatch(/^NAME +STATE +STORED VERSIONS +RESOURCES +MANAGERS$/);
      expect(rows).toHaveLength(6);
      expect(stdout).toMatch(new RegExp(`^${NAMES.routes} +differs +v1alpha1 +2 +helm$`, 'm'));
      expect(stdout).toMatch(new RegExp(`^${NAMES.servings} +missing +0 *$`, 'm'));
    });

    it('diff rates each change, and names whom it hits', async () => {
      const before = await versionsIn(cluster());
      const { code, stdout } = await kthena('diff', '-o', 'json');
      expect(code).toBe(0);
      const { crds } = JSON.parse(stdout) as Diffed;
      expect(crds.map(({ name, action }) => [name, action]).sort()).toEqual(
        [
          [NAMES.policies, 'unchanged'],
          [NAMES.boosters, 'upgrade'],
          [NAMES.routes, 'upgrade'],
          [NAMES.servers, 'unchanged'],
          [NAMES.servings, 'create'],
        ].sort(),
      );
      const of = (name: string): Diffed['crds'][number] => crds.find((crd) => crd.name === name)!;
      const ratings = (name: string): string[][] => of(name).changes.map(({ path, rating }) => [path, rating]);
      expect(ratings(NAMES.routes)).toEqual([['v1alpha1: spec.rules[].targetModels', 'tightening']]);
      expect(ratings(NAMES.boosters)).toEqual(
        expect.arrayContaining([
          ['v1alpha1: spec.autoscalingPolicy', 'breaking'],
          ['v1alpha1: spec.backend.maxReplicas', 'breaking'],
          ['v1alpha1: spec.backend.minReplicas', 'breaking'],
        ]) as unknown,
      );
      expect(of(NAMES.routes).affected.map(({ ref }) => ref.name)).toEqual(['without-targets']);
      expect(of(NAMES.boosters).affected.map(({ ref }) => ref.name)).toEqual(['kept']);
      expect(await versionsIn(cluster())).toEqual(before);
    });

    it('diff shows the same as text', async () => {
      const { code, stdout } = await kthena('diff');
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^${NAMES.policies}: same$`, 'm'));
      expect(stdout).toMatch(new RegExp(`^${NAMES.servings}: not in the cluster$`, 'm'));
      expect(stdout).toMatch(/^ +tightening +v1alpha1: spec\.rules\[\]\.targetModels: /m);
      expect(stdout).toMatch(/^ +breaking +v1alpha1: spec\.backend\.maxReplicas: /m);
      expect(stdout).toMatch(/^ +ModelRoute\/models\/without-targets: spec\.rules\[1\]\.targetModels: /m);
    });

    it.each<[string[], number]>([
      [[], 2],
      [[NAMES.routes], 2],
      [[NAMES.servings], 2],
      [[NAMES.policies, NAMES.servers], 0],
    ])('diff --exit-code of %j ends with %i', async (names, expected) => {
      expect((await kthena('diff', '--exit-code', ...names)).code).toBe(expected);
    });

    it('diff of an unknown name is an error', async () => {
      const { code, stdout, stderr } = await kthena('diff', '--exit-code', 'nowhere.example');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('nowhere.example');
    });
  });

  it('with the CRDs of the bundle there is no difference', async () => {
    await resetCrds(cluster(), lightCrdsOf('1.0'));
    const names = lightCrdsOf('1.0').map(nameOf).sort();
    const { code, stdout } = await kthena('diff', '--exit-code', ...names);
    expect(code).toBe(0);
    expect(stdout.match(/: same/g)).toHaveLength(names.length);
    const listed = JSON.parse((await kthena('list', '-o', 'json')).stdout) as Listed[];
    expect(listed.filter(({ state }) => state === 'same').map(({ name }) => name)).toEqual(names);
  });
}
