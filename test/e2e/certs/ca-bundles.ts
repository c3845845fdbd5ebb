import type { KubeObject } from '../../../src/kube/object.js';
import type { Cluster } from '../../cluster/index.mjs';

type Configuration = KubeObject & { webhooks: { clientConfig: { caBundle?: string } }[] };

const PATHS = ['mutating', 'validating'].map(
  (type) => `/apis/admissionregistration.k8s.io/v1/${type}webhookconfigurations`,
);

/** The CA of every webhook in the cluster, base64 as it stands there. */
export async function caBundles(cluster: Cluster): Promise<(string | undefined)[]> {
  const configurations = await all(cluster);
  return configurations.flatMap(({ object }) => object.webhooks.map(({ clientConfig }) => clientConfig.caBundle));
}

/** Gives every webhook in the cluster that CA. */
export async function replaceCaBundles(cluster: Cluster, caBundle: string): Promise<void> {
  for (const { path, object } of await all(cluster)) {
    for (const { clientConfig } of object.webhooks) clientConfig.caBundle = caBundle;
    const { status, body } = await cluster.request('PUT', `${path}/${object.metadata.name}`, object);
    if (status !== 200) throw new Error(`PUT ${path}/${object.metadata.name}: ${status} ${JSON.stringify(body)}`);
  }
}

async function all(cluster: Cluster): Promise<{ path: string; object: Configuration }[]> {
  const lists = await Promise.all(
    PATHS.map(async (path) => {
      const { body } = await cluster.request('GET', path);
      return (body as { items: Configuration[] }).items.map((object) => ({ path, object }));
    }),
  );
  return lists.flat();
}
