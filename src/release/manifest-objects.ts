import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import { objectsOf } from './manifest.js';
import type { Release } from './release.js';

const parsed = new WeakMap<Release, readonly KubeObject[]>();

/** The objects of a release's manifest as they stand in it. Parsing takes tens of milliseconds, hence once for each release. */
export function recordedObjects(release: Release): readonly KubeObject[] {
  const objects = parsed.get(release) ?? objectsOf(release.manifest);
  parsed.set(release, objects);
  return objects;
}

/** The objects of a release's manifest, each with its namespace. */
export function manifestObjects(client: KubeClient, release: Release): Promise<KubeObject[]> {
  return placed(client, recordedObjects(release), release.namespace);
}

/** Objects, each with its namespace: a chart of Helm's or a post-renderer may leave that to the release. */
export function placed(client: KubeClient, objects: readonly KubeObject[], namespace: string): Promise<KubeObject[]> {
  return Promise.all(
    objects.map(async (object) => {
      if (object.metadata.namespace !== undefined) return object;
      const resource = await client.resource(object.apiVersion, object.kind);
      return resource?.namespaced === true ? { ...object, metadata: { ...object.metadata, namespace } } : object;
    }),
  );
}
