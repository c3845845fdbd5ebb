import type { Emit } from '../events.js';
import { isApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import { refOf, type KubeObject } from '../kube/object.js';
import type { Owner } from '../plan/ownership.js';

/** Marks a namespace that an install created: only such a one may an uninstall delete. */
const CREATED_FOR = 'kthena.io/created-for-release';

/**
 * Creates the namespace of a release; somebody else doing so at the same moment is fine.
 *
 * @param options.dryRun let the server try it, and store nothing
 */
export async function createNamespace(
  client: KubeClient,
  release: Owner,
  options: { fieldManager: string; dryRun: boolean; emit: Emit },
): Promise<void> {
  const namespace = namespaceFor(release);
  try {
    await client.create(namespace, { fieldManager: options.fieldManager, dryRun: options.dryRun });
  } catch (error) {
    if (!isApiError(error, 409, 'AlreadyExists')) throw error;
    return;
  }
  if (!options.dryRun) options.emit({ type: 'applied', ref: refOf(namespace), change: 'created' });
}

/** The namespace as an install creates it. */
export function namespaceFor(release: Owner): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: release.namespace, annotations: { [CREATED_FOR]: release.name } },
  };
}

export function wasCreatedFor(namespace: KubeObject, release: Owner): boolean {
  return namespace.metadata.annotations?.[CREATED_FOR] === release.name;
}
