import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formatRef, refOf, type KubeObject } from '../../../src/kube/object.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { get } from '../install/cluster-state.js';
import { mustRun } from '../install/program.js';

const NAMESPACE = 'kthena-system';
const EXAMPLE = fileURLToPath(new URL('../../../examples/kustomize/post-renderer.sh', import.meta.url));
const POST_RENDERER = ['--post-renderer', EXAMPLE];

let cluster: ControlPlane;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  cluster = await startControlPlane();
  env = { ...cluster.env, PATH: [cluster.bin, process.env['PATH']].join(delimiter) };
});
afterAll(() => cluster.stop());

async function template(...args: string[]): Promise<Map<string, KubeObject>> {
  const { stdout } = await mustRun(['template', ...args], { env });
  return new Map((loadAll(stdout) as KubeObject[]).map((object) => [formatRef(refOf(object)), object]));
}

it('the example labels every object, changes one and adds one', async () => {
  const [plain, changed] = [await template(), await template(...POST_RENDERER)];
  const added = `NetworkPolicy/${NAMESPACE}/kthena-router`;
  expect([...changed.keys()].filter((name) => !plain.has(name))).toEqual([added]);
  expect([...plain.keys()].filter((name) => !changed.has(name))).toEqual([]);
  for (const [name, object] of plain) {
    const labels = { ...object.metadata.labels, 'example.com/team': 'serving' };
    const expected = { ...object, metadata: { ...object.metadata, labels } };
    if (name !== `Deployment/${NAMESPACE}/kthena-router`) expect(changed.get(name), name).toEqual(expected);
  }
});

it('install and upgrade take what it makes', async () => {
  await mustRun(['install', ...POST_RENDERER], { env });
  const router = await get(cluster, `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/kthena-router`);
  expect(router).toMatchObject({
    metadata: { labels: { 'example.com/team': 'serving' } },
    spec: { template: { spec: { topologySpreadConstraints: [{ maxSkew: 1 }] } } },
  });
  expect((await mustRun(['diff', '--exit-code', ...POST_RENDERER], { env })).stdout).toMatch(/Plan: \d+ unchanged\./);
});
