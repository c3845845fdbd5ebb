import type { KubeClient } from '../kube/client.js';
import { refOf, type KubeObject, type ObjectRef } from '../kube/object.js';

interface ApiResourceList {
  resources: { name: string; kind: string; namespaced: boolean; verbs: string[] }[];
}

interface ApiGroupList {
  groups: { preferredVersion: { groupVersion: string } }[];
}

/** What Kubernetes itself puts into every namespace, or keeps there as a trace of what happened. */
const AUTOMATIC = new Set(['ServiceAccount/default', 'ConfigMap/kube-root-ca.crt']);
const TRACES = new Set(['Event', 'Endpoints', 'EndpointSlice']);

/**
 * What a namespace holds, of every kind the server serves, that somebody put there: deleting the namespace would delete it.
 * What belongs to an owner or is being deleted already does not count.
 */
export async function leftovers(client: KubeClient, namespace: string): Promise<ObjectRef[]> {
  const { groups } = (await client.read('/apis')) as ApiGroupList;
  const versions = ['v1', ...groups.map(({ preferredVersion }) => preferredVersion.groupVersion)];
  const kinds = (await Promise.all(versions.map((version) => listableKinds(client, version)))).flat();
  const found = await Promise.all(kinds.map((kind) => objectsOfKind(client, { ...kind, namespace })));
  return found.flat();
}

async function listableKinds(client: KubeClient, apiVersion: string): Promise<{ apiVersion: string; kind: string }[]> {
  const path = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const { resources } = (await client.read(path)) as ApiResourceList;
  return resources
    .filter(
      ({ name, namespaced, verbs }) =>
        namespaced && !name.includes('/') && verbs.includes('delete') && verbs.includes('list'),
    )
    .filter(({ kind }) => !TRACES.has(kind))
    .map(({ kind }) => ({ apiVersion, kind }));
}

async function objectsOfKind(
  client: KubeClient,
  query: { apiVersion: string; kind: string; namespace: string },
): Promise<ObjectRef[]> {
  const refs: ObjectRef[] = [];
  for await (const object of client.list(query)) if (isSomebodys(object)) refs.push(refOf(object));
  return refs;
}

function isSomebodys({ kind, metadata }: KubeObject): boolean {
  return (
    !AUTOMATIC.has(`${kind}/${metadata.name}`) &&
    metadata.deletionTimestamp === undefined &&
    (metadata.ownerReferences ?? []).length === 0
  );
}
