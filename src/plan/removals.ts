import type { KubeClient } from '../kube/client.js';
import type { ObjectRef } from '../kube/object.js';
import { refOf } from '../kube/object.js';
import { objectsOf } from '../release/manifest.js';
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

/** What the removal of a release takes out of the cluster: the objects of its manifest and the Secrets its components made. */
export async function removals(client: KubeClient, release: Release): Promise<Removals> {
  const refs = await Promise.all(
    objectsOf(release.manifest).map(async (object) => inNamespace(client, refOf(object), release.namespace)),
  );
  const live = await Promise.all([...refs, ...runtimeSecrets(release)].map((ref) => client.get(ref)));
  const found: Removals = { objects: [], kept: [] };
  for (const object of live) {
    if (object === undefined) continue;
    const ref = refOf(object);
    if (ownerOf(object) === undefined || isOwnedBy(object, release))
      found.objects.push({ ref, uid: object.metadata.uid! });
    else found.kept.push({ ref, reason: describeOwner(object) });
  }
  return found;
}

/** A chart may leave the namespace of an object to Helm. */
async function inNamespace(client: KubeClient, ref: ObjectRef, namespace: string): Promise<ObjectRef> {
  if (ref.namespace !== undefined) return ref;
  const resource = await client.resource(ref.apiVersion, ref.kind);
  return resource?.namespaced === true ? { ...ref, namespace } : ref;
}
