import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import { crdSpec, crdRef, groupsOf, resourceQuery } from './crd.js';

/** A CRD of the bundle, or of Kthena's groups in the cluster, or both. */
export interface CrdEntry {
  name: string;
  kind: string;
  installed: KubeObject | undefined;
  bundled: KubeObject | undefined;
  /** Resources of its kind in all namespaces; 0 where it is not served. */
  resources: number;
}

/**
 * Compares the CRDs of a bundle with those of the cluster. CRDs of Kthena's groups that the bundle does not have are found too:
 * an older or newer Kthena may have made them.
 */
export async function readInventory(client: KubeClient, bundled: readonly KubeObject[]): Promise<CrdEntry[]> {
  const served = (await Promise.all(groupsOf(bundled).map((group) => servedCrds(client, group)))).flat();
  const all = [...new Set([...bundled.map((crd) => crd.metadata.name), ...served])].sort();
  return Promise.all(
    all.map((name) =>
      readEntry(
        client,
        name,
        bundled.find((crd) => crd.metadata.name === name),
      ),
    ),
  );
}

async function readEntry(client: KubeClient, name: string, bundled: KubeObject | undefined): Promise<CrdEntry> {
  const installed = await client.get(crdRef(name));
  const { kind } = crdSpec((installed ?? bundled)!).names;
  const resources = installed === undefined ? 0 : await countResources(client, installed);
  return { name, kind, installed, bundled, resources };
}

/** How many resources of a CRD's kind there are, by one request for a single one. */
export async function countResources(client: KubeClient, crd: KubeObject): Promise<number> {
  const { apiVersion, kind } = resourceQuery(crd);
  const served = await client.resource(apiVersion, kind);
  if (served === undefined) return 0;
  const page = (await client.read(`/apis/${apiVersion}/${served.plural}?limit=1`)) as Page;
  return page.items.length + (page.metadata.remainingItemCount ?? 0);
}

/** Names of the CRDs behind what a group serves. */
async function servedCrds(client: KubeClient, group: string): Promise<string[]> {
  const { groups } = (await client.read('/apis')) as ApiGroupList;
  const versions = groups.find(({ name }) => name === group)?.versions ?? [];
  const lists = await Promise.all(
    versions.map(({ groupVersion }) => client.read(`/apis/${groupVersion}`) as Promise<ApiResourceList>),
  );
  return lists
    .flatMap(({ resources }) => resources)
    .filter(({ name }) => !name.includes('/'))
    .map(({ name }) => `${name}.${group}`);
}

interface Page {
  items: unknown[];
  metadata: { remainingItemCount?: number };
}

interface ApiGroupList {
  groups: { name: string; versions: { groupVersion: string }[] }[];
}

interface ApiResourceList {
  resources: { name: string }[];
}
