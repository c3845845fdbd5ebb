import type { KubeClient } from '../kube/client.js';
import { keyOf, refOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import { manifestObjects } from '../release/manifest-objects.js';
import type { Release } from '../release/release.js';
import { optionalSecrets, runtimeSecrets, type Candidate } from '../release/runtime-secrets.js';
import { describeOwner, isOwnedBy, ownerOf, type Owner } from './ownership.js';
import type { Change } from './plan.js';

/** An object to delete: that very one, not one of the same name made since. */
export interface Removal {
  ref: ObjectRef;
  uid: string;
}

export interface Removals {
  objects: Removal[];
  /** In the manifest, but not to be deleted with the release. */
  kept: { ref: ObjectRef; reason: string }[];
}

/** A change that deletes. */
export type Deletion = Extract<Change, { action: 'delete' }>;

/** What an uninstall takes out of the cluster. */
export async function removals(client: KubeClient, release: Release): Promise<Removals> {
  const candidates = await candidatesOf(client, release);
  const found: Removals = { objects: [], kept: [] };
  for (const object of await liveObjects(client, candidates, release)) {
    const reason = reasonToKeep(object, release);
    if (reason === undefined) found.objects.push(removalOf(object));
    else found.kept.push({ ref: refOf(object), reason });
  }
  return found;
}

/** What revisions of a release made, the desired objects no longer have, and nothing speaks for keeping. */
export async function obsoleteObjects(
  client: KubeClient,
  revisions: readonly Release[],
  desired: readonly KubeObject[],
): Promise<Deletion[]> {
  const [owner] = revisions;
  if (owner === undefined) return [];
  const candidates = (await Promise.all(revisions.map((release) => candidatesOf(client, release)))).flat();
  const obsolete = new Map(candidates.map((candidate) => [keyOf(candidate.ref), candidate]));
  const wanted = [...desired.map(refOf), ...optionalSecrets(desired, owner.namespace)];
  for (const ref of wanted) obsolete.delete(keyOf(ref));
  const live = await liveObjects(client, [...obsolete.values()], owner);
  return live
    .filter((object) => reasonToKeep(object, owner) === undefined)
    .map((object) => ({ action: 'delete', object }));
}

/** A live object as one to delete. */
export function removalOf(object: KubeObject): Removal {
  return { ref: refOf(object), uid: object.metadata.uid! };
}

async function liveObjects(client: KubeClient, candidates: readonly Candidate[], owner: Owner): Promise<KubeObject[]> {
  const live = await Promise.all(
    candidates.map(async ({ ref, ifMarked }) => {
      const object = await client.get(ref);
      return object !== undefined && ifMarked && !isOwnedBy(object, owner) ? undefined : object;
    }),
  );
  return live.filter((object) => object !== undefined);
}

/** Helm's own mark for an object that outlives its release. */
const RESOURCE_POLICY = 'helm.sh/resource-policy';

/** What a chart may have in its manifest though it holds what is not the release's, and would take that with it. */
const CONTAINERS: Readonly<Record<string, string>> = {
  Namespace: 'may hold what others put into it',
  CustomResourceDefinition: 'would take all resources of its kind with it',
};

/** Why an object of a release's manifest stays, as the end of a sentence about it; undefined where it is to go. */
function reasonToKeep(object: KubeObject, release: Owner): string | undefined {
  if (ownerOf(object) !== undefined && !isOwnedBy(object, release)) return describeOwner(object);
  const policy = object.metadata.annotations?.[RESOURCE_POLICY];
  if (policy?.trim().toLowerCase() === 'keep') return `is marked with ${RESOURCE_POLICY}: ${policy}`;
  return CONTAINERS[object.kind];
}

/** The objects of the manifest, and the Secrets beside it. */
async function candidatesOf(client: KubeClient, release: Release): Promise<Candidate[]> {
  const objects = await manifestObjects(client, release);
  return [...objects.map((object) => ({ ref: refOf(object), ifMarked: false })), ...runtimeSecrets(release)];
}
