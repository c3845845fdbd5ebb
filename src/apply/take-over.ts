import { isApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import type { KubeObject, ObjectRef } from '../kube/object.js';
import { takeOver } from '../plan/take-over.js';

/** How often a write is tried that another writer comes before. */
const ATTEMPTS = 5;

/**
 * Takes an object over in the cluster. Nothing but its field managers and the annotation of client-side apply changes.
 *
 * @returns whether there was anything to take over
 */
export async function takeOverInCluster(client: KubeClient, ref: ObjectRef, manager: string): Promise<boolean> {
  let live: KubeObject | undefined = await client.get(ref);
  for (let attempt = 1; live !== undefined; attempt++) {
    const taken = takeOver(live, manager);
    if (taken === undefined) return false;
    try {
      await client.replace(taken, { fieldManager: manager });
      return true;
    } catch (error) {
      // A controller wrote in between, as it does to the status of a CRD.
      if (!isApiError(error, 409) || attempt === ATTEMPTS) throw error;
      live = await client.get(ref);
    }
  }
  return false;
}
