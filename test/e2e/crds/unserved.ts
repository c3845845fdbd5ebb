import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import type { Cluster, CommandResult } from '../../cluster/index.mjs';
import { crdOf, NETWORKING } from '../../fixtures/crds/history.js';
import { runKthena } from '../install/program.js';
import { samplesOf } from './breaking-upgrade.js';
import { createResources, CRDS, eventually, labelOf, liveCrd, must, request, resetCrds } from './crd-cluster.js';
import { backupIn, testFolder } from './folder.js';

const ROUTES = `modelroutes.${NETWORKING}`;
const ROUTE = samplesOf('1.0').find(({ kind }) => kind === 'ModelRoute')!;

interface Version {
  name: string;
  served: boolean;
  storage: boolean;
}

/** CRDs whose resources do not show in the version they are stored in: they must not pass for CRDs without resources. */
export function unservedVersions(cluster: () => Cluster): void {
  const kthena = async (cwd: string, ...args: string[]): Promise<CommandResult> =>
    runKthena(['crds', ...args], { env: cluster().env, cwd });
  const collection = (version: string): string => `/apis/${NETWORKING}/${version}/namespaces/models/modelroutes`;

  /** Stores a route, and then as `v2`. */
  async function prepare(v2: Partial<Version>, v1alpha1: Partial<Version> = {}): Promise<void> {
    await resetCrds(cluster(), [crdOf('1.0', 'ModelRoute')]);
    await createResources(cluster(), [ROUTE]);
    const crd = await liveCrd(cluster(), ROUTES);
    const { versions } = crd['spec'] as { versions: Version[] };
    const [old] = versions;
    versions.splice(0, 1, { ...old!, storage: false, ...v1alpha1 }, { ...old!, name: 'v2', storage: true, ...v2 });
    await must(cluster(), 'PUT', `${CRDS}/${ROUTES}?fieldManager=helm`, crd);
    const served = versions.filter((version) => version.served).map(({ name }) => name);
    await eventually('the versions are served', async () => {
      const { body } = await request(cluster(), 'GET', `/apis/${NETWORKING}`);
      const names = ((body['versions'] ?? []) as { version: string }[]).map(({ version }) => version);
      return names.sort().join() === served.sort().join() ? true : undefined;
    });
  }

  it('a CRD that goes on to a version the bundle has not is compared all the same, and not upgraded', async () => {
    await prepare({ served: true });
    const folder = await testFolder();
    const diff = await kthena(folder, 'diff', ROUTES);
    expect(diff).toMatchObject({ code: 0 });
    expect(diff.stdout).toMatch(/^ {2}breaking +spec\.versions\[v2\][^]*does not take it: [^]*storedVersions/m);
    const { code, stderr } = await kthena(folder, 'upgrade', ROUTES, '--allow-downgrade');
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^ +CustomResourceDefinition/${ROUTES}: [^]*storedVersions`, 'm'));
  });

  describe('a CRD with a version that is not served', () => {
    it('that is the stored one keeps its resources until their loss is confirmed', async () => {
      await prepare({ served: false });
      const folder = await testFolder();
      expect((await kthena(folder, 'list')).stdout).toMatch(new RegExp(`^${ROUTES} .* 1 +helm`, 'm'));
      const { code, stderr } = await kthena(folder, 'delete', ROUTES, '--yes', '--force', '--no-backup');
      expect(code).toBe(1);
      expect(stderr).toContain('--confirm-data-loss');
      await must(cluster(), 'GET', `${collection('v1alpha1')}/${ROUTE.metadata.name}`);

      expect((await kthena(folder, 'delete', ROUTES, '--confirm-data-loss')).code).toBe(0);
      expect((await backupIn(folder)).map(labelOf)).toEqual([labelOf(ROUTE)]);
    });

    it('as all of its versions is not deleted, whatever is confirmed', async () => {
      await prepare({ served: false }, { served: false });
      const folder = await testFolder();
      const { code, stderr } = await kthena(folder, 'delete', ROUTES, '--yes', '--confirm-data-loss');
      expect(code).toBe(1);
      expect(stderr).toContain(`CustomResourceDefinition/${ROUTES}`);
      expect(stderr).toMatch(/cannot be counted[^]*Hint: .*served/);
      const crd: KubeObject = await liveCrd(cluster(), ROUTES);
      expect(crd.metadata.deletionTimestamp).toBeUndefined();
    });
  });
}
