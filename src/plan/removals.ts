import type { KubeClient } from '../kube/client.js';
import { keyOf, refOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import { manifestObjects } from '../release/manifest-objects.js';
import type { Release } from '../release/release.js';
import { runtimeSecrets } from '../release/runtime-secrets.js';
import { describeOwner, isOwnedBy, ownerOf } from './ownership.js';

/** An object to delete: that very one, not one of the same name made since. */
export interface Removal {
  ref: ObjectRef;
  uid: string;
}

export interface Removals {
  objects: Removal[];
  /** In the manifest, but another release's by now. */
  kept: { ref: ObjectRef; reason: string }[];
}

/** What an uninstall takes out of the cluster: the objects of the manifest, and the Secrets that the components made. */
export async function removals(client: KubeClient, release: Release): Promise<Removals> {
  const refs = [...(await refsOf(client, release)), ...runtimeSecrets(release)];
  return sortOut(await Promise.all(refs.map((ref) => client.get(ref))), release);
}

/** What a revision made and the desired objects no longer have. */
export async function obsoleteObjects(
  client: KubeClient,
  previous: Release,
  desired: readonly KubeObject[],
): Promise<Removal[]> {
  const wanted = new Set(desired.map((object) => keyOf(refOf(object))));
  const refs = (await refsOf(client, previous)).filter((ref) => !wanted.has(keyOf(ref)));
  return sortOut(await Promise.all(refs.map((ref) => client.get(ref))), previous).objects;
}

function sortOut(live: readonly (KubeObject | undefined)[], release: Release): Removals {
  const found: Removals = { objects: [], kept: [] };
  for (const object of live) {
    if (object === undefined) continue;
    const ref = refOf(object);
    const isOurs = ownerOf(object) === undefined || isOwnedBy(object, release);
    if (isOurs) found.objects.push({ ref, uid: object.metadata.uid! });
    else found.kept.push({ ref, reason: describeOwner(object) });
  }
  return found;
}

async function refsOf(client: KubeClient, release: Release): Promise<ObjectRef[]> {
  return (await manifestObjects(client, release)).map(refOf);
}
