import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import type { Cluster, CommandResult } from '../../cluster/index.mjs';
import { objectsIn } from '../install/cluster-state.js';
import { mustRun } from '../install/program.js';
import { nameOf } from './footprint.js';
import { chartFolder, helmInstall } from './helm-release.js';
import { publishedChart } from './published-chart.js';

/** What a chart may have in its templates, and no tool may delete with the rest. */
function lastingObjects(namespace: string): KubeObject[] {
  const [group, plural] = [`${namespace}.example`, 'things'];
  const schema = { openAPIV3Schema: { type: 'object' } };
  const keep = { 'helm.sh/resource-policy': 'keep' };
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'lasting', namespace: 'kthena-system', annotations: keep },
    },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `${namespace}-models` } },
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind: 'Thing', plural },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    },
  ];
}

/** Objects of a chart that outlive it. */
export function keptObjects(current: () => Cluster): void {
  const kthena = (...args: string[]): Promise<CommandResult> => mustRun(args, { env: current().env });

  describe.each(['helm3', 'helm4'] as const)(
    'namespaces, CRDs and what is marked to be kept, in a chart of %s',
    (major) => {
      it('outlive upgrade and uninstall', async () => {
        const chart = await publishedChart();
        const lasting = lastingObjects(major);
        const folder = await chartFolder({ ...chart, objects: [...chart.objects, ...lasting] });
        const namespace = await helmInstall(current(), major, folder);
        const names = lasting.map((object) => nameOf(object).replace('kthena-system', namespace));
        const expectAll = async (): Promise<void> => {
          const objects = await objectsIn(current());
          const isThere = (name: string): boolean =>
            objects.has(name) && objects.get(name)!.metadata.deletionTimestamp === undefined;
          expect(names.filter(isThere)).toEqual(names);
        };

        expect((await kthena('upgrade', '-n', namespace, '--yes')).stderr).not.toContain('delete');
        await expectAll();
        await kthena('rollback', 'kthena', '1', '-n', namespace, '--yes');
        const { stdout } = await kthena('uninstall', '-n', namespace);
        await expectAll();
        for (const name of names) expect(stdout).toContain(`Kept ${name}: it `);
      });
    },
  );
}
