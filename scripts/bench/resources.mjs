import { statSync } from 'node:fs';
import { join } from 'node:path';
import { compare, kthena, measure, report } from './measure.mjs';

const COUNT = Number(process.env.BENCH_RESOURCES ?? 20_000);
const NAMESPACE = 'models';
const AT_ONCE = 32;
const KIND = 'modelroutes';
const PATH = `/apis/networking.serving.volcano.sh/v1alpha1/namespaces/${NAMESPACE}/${KIND}`;

/** Saves many resources with kthena and with kubectl, deletes them, and brings them back. */
export async function compareBackups(cluster, folder, env) {
  await cluster.request('POST', '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
  await Promise.all(Array.from({ length: AT_ONCE }, (_, lane) => fill(cluster, lane)));
  const file = join(folder, 'backup.yaml');
  const output = join(folder, 'kubectl.yaml');
  await compare(
    `back up ${COUNT} resources`,
    [
      kthena('crds', 'backup', '-o', file, '--force'),
      { name: 'kubectl', command: 'kubectl', args: ['get', KIND, '-A', '-o', 'yaml'], output },
    ],
    env,
    { runs: 3 },
  );
  console.log(`  ${file} has ${(statSync(file).size / 2 ** 20).toFixed(1)} MB`);
  await clear(cluster);
  for (const title of [`restore ${COUNT} resources`, 'restore them once more']) {
    report(title, new Map([['kthena', [await measure(kthena('crds', 'restore', file), env)]]]));
  }
}

async function fill(cluster, lane) {
  for (let index = lane; index < COUNT; index += AT_ONCE) {
    const { status } = await cluster.request('POST', PATH, resource(index));
    if (status !== 201) throw new Error(`POST ${PATH} answered ${status}`);
  }
}

/** kubectl deletes one by one, for many minutes; the API server can all at once, though not always within one request's time. */
async function clear(cluster) {
  for (;;) {
    const { body } = await cluster.request('GET', `${PATH}?limit=1`);
    if (body.items.length === 0) return;
    await cluster.request('DELETE', PATH).catch(() => undefined);
  }
}

/** Of a size that users' resources have. */
function resource(index) {
  return {
    apiVersion: 'networking.serving.volcano.sh/v1alpha1',
    kind: 'ModelRoute',
    metadata: {
      name: `route-${index}`,
      labels: { team: `team-${index % 40}` },
      annotations: { note: 'x'.repeat(300) },
    },
    spec: {
      modelName: `model-${index}`,
      loraAdapters: Array.from({ length: 10 }, (_, adapter) => `adapter-${index}-${adapter}`),
      rules: [{ name: 'all', targetModels: [{ modelServerName: `server-${index}`, weight: 100 }] }],
    },
  };
}
