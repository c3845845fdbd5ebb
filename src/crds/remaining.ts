import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';

/** A CRD that is in the cluster, and how many resources of its kind there are, in all namespaces. */
export interface RemainingCrd {
  name: string;
  kind: string;
  resources: number;
}

/** Which of these CRDs the cluster has, with their resources counted; one small request each, whatever their number. */
export async function remainingCrds(client: KubeClient, crds: readonly KubeObject[]): Promise<RemainingCrd[]> {
  const found = await Promise.all(crds.map((crd) => remainingCrd(client, crd)));
  return found.filter((crd) => crd !== undefined);
}

async function remainingCrd(client: KubeClient, crd: KubeObject): Promise<RemainingCrd | undefined> {
  const { group, names, versions } = crd['spec'] as CrdSpec;
  const version = versions.find(({ storage }) => storage)!.name;
  const resource = await client.resource(`${group}/${version}`, names.kind);
  if (resource === undefined) return undefined;
  const page = (await client.read(`/apis/${group}/${version}/${resource.plural}?limit=1`)) as Page;
  const resources = page.items.length + (page.metadata.remainingItemCount ?? 0);
  return { name: crd.metadata.name, kind: names.kind, resources };
}

interface CrdSpec {
  group: string;
  names: { kind: string };
  versions: { name: string; storage: boolean }[];
}

interface Page {
  items: unknown[];
  metadata: { remainingItemCount?: number };
}
