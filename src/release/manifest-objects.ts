import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import { objectsOf } from './manifest.js';
import type { Release } from './release.js';

/** The objects of a release's manifest, each with its namespace: a chart of Helm's may leave that to the release. */
export function manifestObjects(client: KubeClient, { manifest, namespace }: Release): Promise<KubeObject[]> {
  return Promise.all(
    objectsOf(manifest).map(async (object) => {
      if (object.metadata.namespace !== undefined) return object;
      const resource = await client.resource(object.apiVersion, object.kind);
      return resource?.namespaced === true ? { ...object, metadata: { ...object.metadata, namespace } } : object;
    }),
  );
}
