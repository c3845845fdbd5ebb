import { setTimeout as wait } from 'node:timers/promises';
import type { KthenaError } from '../errors.js';
import { isApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import { interruption } from '../kube/interruption.js';
import { formatRef, refOf, type KubeObject } from '../kube/object.js';
import { holdsBigint } from './exact-json.js';
import type { OwnerFinder } from './owners.js';
import { reasonOf, refusalOf } from './refusal.js';
import type { SavedResource } from './resource.js';
import { createdByRestore, lacksStatus, RESTORE_MANAGER, writeStatus } from './status.js';

export type Outcome =
  /** `remarks`: what is not as it was saved. */
  | { type: 'restored'; remarks: string[]; statusRefused?: string }
  | { type: 'existing' }
  /** In a dry run: its namespace is not there yet. */
  | { type: 'untried' }
  /** Its owner is to come first. */
  | { type: 'deferred' }
  /** As it is, the cluster will not take it. */
  | { type: 'refused'; reason: string }
  | { type: 'failed'; reason: string };

export interface RestoreOptions {
  dryRun: boolean;
  owners: OwnerFinder;
  /** Why the API server need not be asked at all. */
  judge: (object: KubeObject) => Extract<Outcome, { type: 'refused' | 'untried' }> | undefined;
  signal: AbortSignal;
}

/** Attempts at a creation that gets no answer, or one that says nothing about the resource. */
const ATTEMPTS = 4;
const PAUSE_MS = 500;

/**
 * Creates a resource and writes its status; one that exists is left alone, unless an interrupted restore has created it without
 * getting to its status. Doing it again has the effect of doing it once.
 *
 * @param lastRound whether owners that are not there by now will not come
 * @throws KthenaError where nothing else could be restored either: a webhook that does not answer, no API server, no login
 */
export async function restoreResource(
  client: KubeClient,
  resource: SavedResource,
  lastRound: boolean,
  options: RestoreOptions,
): Promise<Outcome> {
  const { dryRun, owners, judge } = options;
  const judged = holdsBigint([resource.object, resource.aside]) ? TOO_LARGE : judge(resource.object);
  if (judged?.type === 'refused') return unlessExisting(client, resource.object, judged);
  if (judged !== undefined) return judged;
  try {
    // In a dry run the owners are not created either.
    const ownership = dryRun ? { references: [], dropped: [] } : await owners.find(resource, lastRound);
    if (ownership === 'wait') return { type: 'deferred' };
    const { references, dropped } = ownership;
    const remarks = dropped.map((owner) => `its owner ${owner} does not exist: the reference to it was dropped`);
    const object = references.length === 0 ? resource.object : withOwners(resource.object, references);
    const found = await createOrFind(client, object, resource.aside.status !== undefined, options);
    if (!('live' in found)) return found;
    return dryRun ? { type: 'restored', remarks } : await complete(client, found.live, resource, remarks);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal !== 'refused' && refusal !== 'failed') throw error;
    const reason = reasonOf(error as KthenaError, formatRef(refOf(resource.object)));
    return unlessExisting(client, resource.object, { type: refusal, reason });
  }
}

const TOO_LARGE: Outcome = {
  type: 'refused',
  reason:
    'it holds an integer beyond 2^53, which kthena cannot send without rounding; kubectl apply -f takes the file it is in',
};

/** @returns `live` for a resource that is this restore's to complete */
async function createOrFind(
  client: KubeClient,
  object: KubeObject,
  hasStatus: boolean,
  { dryRun, signal }: RestoreOptions,
): Promise<{ live: KubeObject } | Outcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      return { live: await client.create(object, { fieldManager: RESTORE_MANAGER, dryRun }) };
    } catch (error) {
      const exists = isApiError(error, 409, 'AlreadyExists');
      const live = exists ? await client.get(refOf(object)) : undefined;
      // The answer to an earlier attempt may have been lost.
      if (live !== undefined) return attempt > 1 && createdByRestore(live) ? { live } : foundExisting(live, hasStatus);
      // What exists and cannot be read was deleted in between.
      if (!(exists || refusalOf(error) === 'passing') || attempt === ATTEMPTS) throw error;
      await wait(PAUSE_MS * attempt, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw interruption(signal);
    }
  }
}

function foundExisting(live: KubeObject, hasStatus: boolean): { live: KubeObject } | Outcome {
  if (live.metadata.deletionTimestamp !== undefined)
    return { type: 'failed', reason: 'it is there, but is being deleted: run the same command again when it is gone' };
  const interrupted = hasStatus && createdByRestore(live) && lacksStatus(live);
  return interrupted ? { live } : { type: 'existing' };
}

async function complete(
  client: KubeClient,
  live: KubeObject,
  { aside }: SavedResource,
  remarks: string[],
): Promise<Outcome> {
  if (aside.status === undefined || !lacksStatus(live)) return { type: 'restored', remarks };
  const statusRefused = await writeStatus(client, live, aside.status);
  return statusRefused === undefined
    ? { type: 'restored', remarks }
    : { type: 'restored', remarks, statusRefused: `its status was refused: ${statusRefused}` };
}

/** Whether a resource exists comes last, here as at the API server; but one that does is kept, and needs not be acceptable. */
async function unlessExisting(client: KubeClient, object: KubeObject, refusal: Outcome): Promise<Outcome> {
  const live = await client.get(refOf(object)).catch(() => undefined);
  return live !== undefined && live.metadata.deletionTimestamp === undefined ? { type: 'existing' } : refusal;
}

function withOwners(object: KubeObject, ownerReferences: KubeObject['metadata']['ownerReferences']): KubeObject {
  return { ...object, metadata: { ...object.metadata, ...(ownerReferences && { ownerReferences }) } };
}
