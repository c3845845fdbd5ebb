import { setTimeout as wait } from 'node:timers/promises';
import type { Emit } from '../events.js';
import { isApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import { interruption } from '../kube/interruption.js';
import type { KubeObject } from '../kube/object.js';
import { isHeldBy, isSameRenewal, leaseRef, newLease, readLease, takenOver, type Claim } from './lease.js';
import { crowdedOut, heldByAnother, takenOverFrom, waitingForSign } from './messages.js';
import { hasEnded } from './process-mark.js';
import { FIELD_MANAGER, momentOf, type TakenLease } from './renewal.js';
import type { LockTiming } from './timing.js';

export interface Taking {
  client: KubeClient;
  claim: Claim;
  now: () => Date;
  emit: Emit;
  signal: AbortSignal | undefined;
  timing: LockTiming;
}

/** Each further one means that another run came or went in between. */
const ROUNDS = 10;

/**
 * The Lease, in the hands of this run: created, or taken over from a run that has ended. Throws KthenaError `conflict` where another
 * run holds it. Of several that try at once the API server lets one pass.
 */
export async function takeLease(taking: Taking): Promise<TakenLease> {
  const { client, claim, now } = taking;
  const begun = momentOf(now());
  for (let round = 0; round < ROUNDS; round++) {
    if (taking.signal?.aborted === true) throw interruption(taking.signal);
    const sent = momentOf(now());
    const created = await unlessConflict(client.create(newLease(claim, now()), { fieldManager: FIELD_MANAGER }));
    if (created !== undefined) return { live: created, sent };
    const live = await client.get(leaseRef(claim.release));
    if (live === undefined) continue;
    // The answer to an earlier attempt was lost.
    if (isHeldBy(live, claim.identity)) return { live, sent: begun };
    const taken = await takeFrom(live, taking);
    if (taken !== undefined) return taken;
  }
  throw crowdedOut(claim.release);
}

/** Undefined where the Lease has changed meanwhile, and has to be looked at anew. */
async function takeFrom(live: KubeObject, taking: Taking): Promise<TakenLease | undefined> {
  const { client, claim, now, emit } = taking;
  const { holder, process } = readLease(live);
  const ended = process !== undefined && hasEnded(process, claim.process);
  const free = holder === '' || ended ? live : await expired(live, taking);
  if (free === undefined) return undefined;
  const sent = momentOf(now());
  const taken = await unlessConflict(client.replace(takenOver(free, claim, now()), { fieldManager: FIELD_MANAGER }));
  if (taken === undefined) return undefined;
  if (holder !== '') emit({ type: 'warning', message: takenOverFrom(claim.release, free, ended, now()) });
  return { live: taken, sent };
}

/**
 * The Lease, where its holder shows no sign of life; undefined where it has another holder by now. The time in it is of the
 * holder's clock, which may be wrong: hence a Lease that seems to have expired is watched as long as a living holder would
 * need for a renewal. Throws KthenaError `conflict` where the holder lives.
 */
async function expired(
  live: KubeObject,
  { client, claim, now, emit, signal, timing }: Taking,
): Promise<KubeObject | undefined> {
  const { release } = claim;
  if (isFresh(live, now())) throw heldByAnother(release, live, now());
  emit({ type: 'step', message: waitingForSign(release, live, timing.watchMs / 1000) });
  await wait(timing.watchMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  if (signal?.aborted === true) throw interruption(signal);
  const later = await client.get(leaseRef(release));
  if (later === undefined) return undefined;
  if (isSameRenewal(live, later)) return later;
  if (readLease(later).holder !== readLease(live).holder) return undefined;
  // A machine that was suspended has woken up, or its clock is wrong.
  throw heldByAnother(release, later, now(), { clocksDiffer: !isFresh(later, now()) });
}

/** By the clocks of its holder and of this machine. A renewal in the future is none. */
function isFresh(lease: KubeObject, now: Date): boolean {
  const { renewed, seconds } = readLease(lease);
  return renewed !== undefined && Math.abs(now.getTime() - renewed.getTime()) < seconds * 1000;
}

/** Undefined where the API server refused because somebody was quicker. */
async function unlessConflict(work: Promise<KubeObject>): Promise<KubeObject | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isApiError(error, 409)) return undefined;
    throw error;
  }
}
