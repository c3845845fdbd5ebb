import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import { resourceQuery } from './crd.js';
import { countResources } from './inventory.js';

/** A CRD that is in the cluster, and how many resources of its kind there are, in all namespaces. */
export interface RemainingCrd {
  name: string;
  kind: string;
  resources: number;
}

/** Which of these CRDs the cluster serves, with their resources counted. */
export async function remainingCrds(client: KubeClient, crds: readonly KubeObject[]): Promise<RemainingCrd[]> {
  const found = await Promise.all(crds.map((crd) => remainingCrd(client, crd)));
  return found.filter((crd) => crd !== undefined);
}

async function remainingCrd(client: KubeClient, crd: KubeObject): Promise<RemainingCrd | undefined> {
  const { apiVersion, kind } = resourceQuery(crd);
  if ((await client.resource(apiVersion, kind)) === undefined) return undefined;
  return { name: crd.metadata.name, kind, resources: await countResources(client, crd) };
}
