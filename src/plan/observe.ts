import { KthenaError } from '../errors.js';
import { ApiError } from '../kube/api-error.js';
import type { ApplyOptions, KubeClient } from '../kube/client.js';
import { refOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import type { DryRun, Observation } from './plan.js';
import { PREDECESSORS } from './take-over.js';

/**
 * Reads what the cluster holds of each desired object, and lets the server try each of them without storing anything:
 * so a missing right, a conflict or an invalid object shows before the first write.
 *
 * @throws KthenaError where the server cannot be reached or does not know the caller; a refusal of one object is in its observation
 */
export async function observe(
  client: KubeClient,
  desired: readonly KubeObject[],
  options: ApplyOptions,
): Promise<Observation[]> {
  return Promise.all(
    desired.map(async (object) => {
      const [live, dryRun] = await Promise.all([tryGet(client, refOf(object)), tryApply(client, object, options)]);
      if (live instanceof ApiError) return { desired: object, live: undefined, dryRun: refusal(live) };
      return { desired: object, live, dryRun };
    }),
  );
}

async function tryApply(client: KubeClient, object: KubeObject, options: ApplyOptions): Promise<DryRun> {
  if ((await client.resource(object.apiVersion, object.kind)) === undefined)
    return { outcome: 'not-yet', missing: 'kind' };
  try {
    const result = await client.apply(object, { ...options, dryRun: true });
    return { outcome: 'accepted', object: result, force: options.force === true };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'unauthorized') throw error;
    if (isTakeOver(error) && options.force !== true) return tryApply(client, object, { ...options, force: true });
    if (error.status === 404) return tryElsewhere(client, object, options);
    return refusal(error);
  }
}

/**
 * An object whose namespace does not exist yet is tried in one that does: what the server finds invalid there is invalid everywhere.
 * Any other answer is about that namespace, and says nothing.
 */
async function tryElsewhere(client: KubeClient, object: KubeObject, options: ApplyOptions): Promise<DryRun> {
  const elsewhere = { ...object, metadata: { ...object.metadata, namespace: 'default' } };
  try {
    await client.apply(elsewhere, { ...options, dryRun: true });
  } catch (error) {
    if (error instanceof ApiError && error.status === 422) return refusal(error);
    if (!(error instanceof KthenaError)) throw error;
  }
  return { outcome: 'not-yet', missing: 'namespace' };
}

/** An object that may not be read is one finding among others, so that a user sees every right that is missing. */
export async function tryGet(client: KubeClient, ref: ObjectRef): Promise<KubeObject | undefined | ApiError> {
  try {
    return await client.get(ref);
  } catch (error) {
    if (error instanceof ApiError && error.code === 'forbidden') return error;
    throw error;
  }
}

function refusal({ message, details }: ApiError): DryRun {
  return { outcome: 'refused', message, details };
}

function isTakeOver(error: ApiError): boolean {
  return error.conflicts.length > 0 && error.conflicts.every(({ manager }) => PREDECESSORS.has(manager));
}
