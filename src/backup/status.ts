import type { KthenaError } from '../errors.js';
import { isApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import { formatRef, refOf, type KubeObject } from '../kube/object.js';
import { reasonOf, refusalOf } from './refusal.js';

/** Creates under a name of its own, so that an interrupted restore knows its resources again. */
export const RESTORE_MANAGER = 'kthena-restore';

const ATTEMPTS = 5;

/** Whether a restore created this resource, and nobody has changed what it wants since. */
export function createdByRestore({ metadata }: KubeObject): boolean {
  const created = (metadata.managedFields ?? []).some(
    ({ manager, operation, subresource }) =>
      manager === RESTORE_MANAGER && operation === 'Update' && subresource === undefined,
  );
  return created && metadata.generation === 1;
}

/** Whether nobody has written a status yet, not even an empty one. */
export function lacksStatus({ metadata, status }: KubeObject): boolean {
  return status === undefined && !(metadata.managedFields ?? []).some(({ subresource }) => subresource === 'status');
}

/**
 * Writes the status that was saved. A controller that has come first with one of its own is overruled: what it knows it finds out
 * again, what only the status remembers it does not.
 *
 * @returns why the API server does not take it, or undefined
 * @throws KthenaError where the API server cannot be asked
 */
export async function writeStatus(
  client: KubeClient,
  created: KubeObject,
  status: Record<string, unknown>,
): Promise<string | undefined> {
  const ref = refOf(created);
  let live: KubeObject | undefined = created;
  for (let attempt = 1; live !== undefined; attempt++) {
    try {
      await client.replaceStatus({ ...live, status }, { fieldManager: RESTORE_MANAGER });
      return undefined;
    } catch (error) {
      const again = isApiError(error, 409) && attempt < ATTEMPTS;
      const refusal = refusalOf(error);
      if (!again && (refusal === 'refused' || refusal === 'failed'))
        return reasonOf(error as KthenaError, formatRef(ref));
      if (!again) throw error;
      live = await client.get(ref);
    }
  }
  return 'somebody has deleted the resource again';
}
