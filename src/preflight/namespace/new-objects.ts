import type { KubeClient } from '../../kube/client.js';
import { keyOf, refOf, type KubeObject, type ObjectRef } from '../../kube/object.js';
import { optionalSecrets } from '../../release/runtime-secrets.js';
import type { PlannedChanges, Subject } from '../check.js';

/**
 * Objects that are going to be created in the namespace of the release, with those that no manifest lists: the record, and the
 * certificates.
 *
 * @param plan without it everything counts as new
 */
export async function newObjects(
  client: KubeClient,
  { objects, release }: Subject,
  plan: PlannedChanges | undefined,
): Promise<{ object: KubeObject; plural: string }[]> {
  const { namespace } = release;
  const created = plan?.found.objects.changes.flatMap(({ action, object }) => (action === 'create' ? [object] : []));
  const optional = optionalSecrets(objects, namespace);
  const live = await Promise.all(optional.map((ref) => client.get(ref)));
  const absent = optional.filter((_, index) => live[index] === undefined);
  const record: ObjectRef = { apiVersion: 'v1', kind: 'Secret', namespace, name: `sh.helm.release.v1.${release.name}` };
  const hidden = [...absent, record].map(({ apiVersion, kind, ...metadata }) => ({ apiVersion, kind, metadata }));
  const all = new Map([...(created ?? objects), ...hidden].map((object) => [keyOf(refOf(object)), object]));
  const located = await Promise.all(
    [...all.values()]
      .filter(({ metadata }) => metadata.namespace === namespace)
      .map(async (object) => ({ object, plural: (await client.resource(object.apiVersion, object.kind))?.plural })),
  );
  return located.flatMap(({ object, plural }) => (plural === undefined ? [] : [{ object, plural }]));
}
