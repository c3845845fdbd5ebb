import { KthenaError } from '../errors.js';
import { ApiError, type FieldConflict } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import { keyOf, refOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import {
  describeConflict,
  isScaling,
  isTrust,
  isWithPredecessor,
  replicasOf,
  withRunningReplicas,
  withoutReplicas,
} from './conflicts.js';
import { differences } from './difference.js';
import { isOwnedBy, ownerOf } from './ownership.js';
import type { Applied, DryRun, Observation } from './plan.js';
import { afterTakeOver, predecessorsOf } from './take-over.js';

export interface ObserveOptions {
  fieldManager: string;
  /** What was desired the last time: tells whether the user has changed a value since. */
  previous?: readonly KubeObject[];
}

/**
 * Reads what the cluster holds of each desired object, and lets the server try each of them without storing anything:
 * so a missing right, a conflict or an invalid object shows before the first write.
 *
 * @throws KthenaError where the server cannot be reached or does not know the caller; a refusal of one object is in its observation
 */
export async function observe(
  client: KubeClient,
  desired: readonly KubeObject[],
  { fieldManager, previous = [] }: ObserveOptions,
): Promise<Observation[]> {
  const before = new Map(previous.map((object) => [keyOf(refOf(object)), object]));
  return Promise.all(
    desired.map(async (object) => {
      const reading = tryGet(client, refOf(object));
      const trial = { client, fieldManager, reading, previous: before.get(keyOf(refOf(object))) };
      const [live, dryRun] = await Promise.all([reading, tryApply(object, trial)]);
      if (live instanceof ApiError) return { desired: object, live: undefined, dryRun: refusal(live) };
      return { desired: object, live, dryRun };
    }),
  );
}

interface Trial {
  client: KubeClient;
  fieldManager: string;
  reading: Promise<KubeObject | undefined | ApiError>;
  previous: KubeObject | undefined;
}

async function tryApply(desired: KubeObject, trial: Trial): Promise<DryRun> {
  const { client, fieldManager } = trial;
  if ((await client.resource(desired.apiVersion, desired.kind)) === undefined)
    return { outcome: 'not-yet', missing: 'kind' };
  const object = await scaledAsNow(desired, trial);
  try {
    const result = await client.apply(object, { fieldManager, dryRun: true });
    return await accepted(object, { result, conflicts: [], kept: [] }, trial);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'unauthorized') throw error;
    if (error.conflicts.length > 0) return tryWithConflicts(object, error, trial);
    if (error.status === 404) return tryElsewhere(client, object, fieldManager);
    return refusal(error);
  }
}

async function scaledAsNow(desired: KubeObject, { fieldManager, reading }: Trial): Promise<KubeObject> {
  if (desired.kind !== 'Deployment' || replicasOf(desired) !== undefined) return desired;
  const live = await reading;
  return live === undefined || live instanceof ApiError ? desired : withRunningReplicas(desired, live, fieldManager);
}

/** Leaves the number of replicas to whoever scales, unless the user wants another one by now, and looks what forcing would do. */
async function tryWithConflicts(desired: KubeObject, { conflicts }: ApiError, trial: Trial): Promise<DryRun> {
  const { client, fieldManager, previous } = trial;
  const live = await trial.reading;
  if (live === undefined || live instanceof ApiError) return { outcome: 'refused', message: GONE, details: [] };
  const kept = conflicts.filter((conflict) => isSameWish(live, desired, previous) && isScaling(conflict));
  const settled = (conflict: FieldConflict): boolean => isWithPredecessor(conflict) || isTrust(conflict);
  const others = conflicts.filter((conflict) => !kept.includes(conflict) && !settled(conflict));
  const forced = conflicts.some(isTrust) ? { forced: true as const } : {};
  const object = kept.length > 0 ? withoutReplicas(desired) : desired;
  const describe = (conflict: FieldConflict): Applied['conflicts'][number] => describeConflict(conflict, live, desired);
  try {
    const result = await client.apply(object, { fieldManager, force: true, dryRun: true });
    const found = { conflicts: others.map(describe), kept: kept.map(describe), ...forced };
    return await accepted(object, { result, ...found }, trial);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'unauthorized') throw error;
    return refusal(error);
  }
}

/** Whether the user's number of replicas is that of before; where an object is adopted, none was the user's before. */
function isSameWish(live: KubeObject, desired: KubeObject, previous: KubeObject | undefined): boolean {
  if (previous !== undefined) return replicasOf(previous) === replicasOf(desired);
  const owner = ownerOf(desired);
  return owner !== undefined && !isOwnedBy(live, owner);
}

const GONE = 'it was deleted while the plan was made';

/** Where a predecessor's fields go with its place, the server is asked once more what is left then, since it fills in defaults. */
async function accepted(
  object: KubeObject,
  answer: Omit<Applied, 'outcome' | 'object'>,
  { client, fieldManager, reading }: Trial,
): Promise<DryRun> {
  const live = await reading;
  const { result } = answer;
  const applied: Applied = { outcome: 'accepted', object, ...answer };
  if (live === undefined || live instanceof ApiError || predecessorsOf(live).length === 0) return applied;
  const left = afterTakeOver(live, result, fieldManager);
  if (differences(result, left).length === 0) return applied;
  const { managedFields: _reset, ...metadata } = left.metadata;
  try {
    return { ...applied, result: await client.replace({ ...left, metadata }, { fieldManager, dryRun: true }) };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'unauthorized') throw error;
    return refusal(error);
  }
}

/**
 * An object whose namespace does not exist yet is tried in one that does: what the server finds invalid there is invalid everywhere.
 * Any other answer is about that namespace, and says nothing.
 */
async function tryElsewhere(client: KubeClient, object: KubeObject, fieldManager: string): Promise<DryRun> {
  const elsewhere = { ...object, metadata: { ...object.metadata, namespace: 'default' } };
  try {
    await client.apply(elsewhere, { fieldManager, force: true, dryRun: true });
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
