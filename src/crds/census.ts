import { KthenaError } from '../errors.js';
import type { KubeClient } from '../kube/client.js';
import { refOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import { isEstablished, resourceQuery } from './crd.js';

/** A custom resource, by the very uid that was counted. */
export interface CountedResource {
  ref: ObjectRef;
  uid: string;
  /** A controller made it, and makes it again as long as its owner is there. */
  owned: boolean;
}

/** All that the deletion of CRDs takes with it. */
export interface Census {
  resources: CountedResource[];
  /** By kind and namespace, in the order of the CRDs. */
  counts: { kind: string; namespace: string; count: number }[];
  /** What the controllers run for these resources and the garbage collector removes with them. */
  dependents: { kind: string; count: number }[];
}

/** Kinds that Kthena's controllers make for a resource. */
const DEPENDENT_KINDS = [
  { apiVersion: 'v1', kind: 'Pod' },
  { apiVersion: 'v1', kind: 'Service' },
];

/**
 * Counts every resource of these CRDs, in pages; of each only its name and uid are kept.
 *
 * @param others the CRDs of Kthena that stay: resources of theirs that an owner takes with it are counted as dependents
 */
export async function takeCensus(
  client: KubeClient,
  crds: readonly KubeObject[],
  others: readonly KubeObject[],
): Promise<Census> {
  const perKind = await Promise.all(crds.map((crd) => resourcesOf(client, crd)));
  const resources = perKind.flat();
  return {
    resources,
    counts: perKind.flatMap(countByNamespace),
    dependents: await countDependents(client, others, new Set(resources.map(({ uid }) => uid))),
  };
}

/**
 * The resources of a CRD's kind.
 *
 * @throws KthenaError `failed` where the kind is not served: resources that cannot be seen must not count as none
 */
export async function resourcesOf(client: KubeClient, crd: KubeObject): Promise<CountedResource[]> {
  const found: CountedResource[] = [];
  const query = resourceQuery(crd);
  if (isEstablished(crd) && (await client.resource(query.apiVersion, query.kind)) === undefined) throw notServed(crd);
  for await (const object of client.list(query)) {
    const owned = (object.metadata.ownerReferences ?? []).some(({ controller }) => controller === true);
    found.push({ ref: refOf(object), uid: object.metadata.uid!, owned });
  }
  return found;
}

function notServed(crd: KubeObject): KthenaError {
  const { apiVersion, kind } = resourceQuery(crd);
  const what = `CustomResourceDefinition/${crd.metadata.name}: the API server does not serve ${kind} of ${apiVersion}`;
  return new KthenaError('failed', `${what}, so that its resources cannot be counted`, {
    hint: 'Set "served: true" on a version of this CRD, or name only the other CRDs.',
  });
}

function countByNamespace(resources: readonly CountedResource[]): Census['counts'] {
  const counts = new Map<string, Census['counts'][number]>();
  for (const { ref } of resources) {
    const namespace = ref.namespace ?? '';
    const entry = counts.get(namespace) ?? { kind: ref.kind, namespace, count: 0 };
    entry.count++;
    counts.set(namespace, entry);
  }
  return [...counts.values()].sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
}

/** Owners are followed from kind to kind: a ModelBooster owns ModelServings, and these own pods. */
async function countDependents(
  client: KubeClient,
  others: readonly KubeObject[],
  owners: Set<string>,
): Promise<Census['dependents']> {
  if (owners.size === 0) return [];
  const counts: Census['dependents'] = [];
  for (const query of [...others.map(resourceQuery), ...DEPENDENT_KINDS]) {
    let count = 0;
    for await (const { metadata } of client.list(query)) {
      if (!(metadata.ownerReferences ?? []).some(({ uid }) => owners.has(uid))) continue;
      owners.add(metadata.uid!);
      count++;
    }
    if (count > 0) counts.push({ kind: query.kind, count });
  }
  return counts;
}
