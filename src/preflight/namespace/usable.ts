import { KthenaError } from '../../errors.js';
import type { KubeObject } from '../../kube/object.js';
import type { ReleaseIdentity } from '../../render/scope.js';

/**
 * Whether objects can be created in the namespace of a release, once it is created where that is allowed.
 *
 * @param namespace undefined where it does not exist
 * @throws KthenaError `not-found`, `conflict`
 */
export function checkNamespaceUsable(
  namespace: KubeObject | undefined,
  { release, createNamespace }: { release: ReleaseIdentity; createNamespace: boolean },
): void {
  const name = release.namespace;
  if (namespace === undefined && !createNamespace) {
    throw new KthenaError('not-found', `namespace ${name} does not exist`, {
      hint: 'Leave out --create-namespace=false to have it created, or create it first.',
    });
  }
  if (namespace?.metadata.deletionTimestamp !== undefined) {
    throw new KthenaError('conflict', `namespace ${name} is being deleted`, {
      hint: `Wait until it is gone (kubectl get namespace ${name}), or install into another namespace with -n.`,
    });
  }
}
