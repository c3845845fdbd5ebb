import type { KubeObject, OwnerReference } from '../../../src/kube/object.js';
import type { Cluster } from '../../cluster/index.mjs';
import { must } from './crd-cluster.js';

/** What a controller writes on what it makes for a resource. */
export function ownedBy({ apiVersion, kind, metadata: { name, uid } }: KubeObject): OwnerReference {
  return { apiVersion, kind, name, uid: uid!, controller: true };
}

/** @param owners as stored */
export async function createPod(cluster: Cluster, name: string, owners: readonly KubeObject[]): Promise<void> {
  const spec = { containers: [{ name: 'engine', image: 'vllm:1' }] };
  const pod = { metadata: { name, ownerReferences: owners.map(ownedBy) }, spec };
  await must(cluster, 'POST', '/api/v1/namespaces/models/pods', pod);
}

async function createService(cluster: Cluster, name: string, owners: readonly KubeObject[]): Promise<void> {
  const service = { metadata: { name, ownerReferences: owners.map(ownedBy) }, spec: { ports: [{ port: 8000 }] } };
  await must(cluster, 'POST', '/api/v1/namespaces/models/services', service);
}

/** Two pods and a service of a resource, and one of each of nobody. */
export async function createDependents(cluster: Cluster, owner: KubeObject): Promise<void> {
  await createPod(cluster, 'first', [owner]);
  await createPod(cluster, 'second', [owner]);
  await createPod(cluster, 'stranger', []);
  await createService(cluster, 'first', [owner]);
  await createService(cluster, 'stranger', []);
}
