import { setTimeout as wait } from 'node:timers/promises';
import type { Emit } from '../events.js';
import { isApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import { runIdentity } from './identity.js';
import { isHeldBy, leaseRef, newLease, type Claim, type LockedRelease } from './lease.js';
import { notReleased } from './messages.js';
import { ownMark } from './process-mark.js';
import { FIELD_MANAGER, Renewal } from './renewal.js';
import { takeLease } from './take.js';
import { LOCK_TIMING, type LockTiming } from './timing.js';

export interface LockRequest {
  release: LockedRelease;
  /** For other runs that find the lock taken: `upgrade`, `uninstall` … */
  operation: string;
}

export interface LockContext {
  now: () => Date;
  emit: Emit;
  /** Ends the wait for the sign of life of another run. */
  signal?: AbortSignal;
  /** For tests. */
  timing?: Partial<LockTiming>;
}

export interface ReleaseLock {
  /** Aborts when the lock is lost: taken over by another run, deleted, or not renewed in time. Its reason is the KthenaError to throw. */
  readonly signal: AbortSignal;
  /**
   * Ends the renewal and deletes the Lease, unless another run holds it by now. Never throws: where the Lease cannot be deleted,
   * a warning says so, and it expires. To be called before the namespace is deleted, whose deletion would take the lock away.
   */
  release(): Promise<void>;
}

/**
 * Makes this run the only one that changes a release: takes its Lease, and renews it until it is released. A run that ended
 * without releasing it does not stand in the way: its lock is taken over with a warning, at once where its process ended on this
 * machine, otherwise after the Lease has expired. Throws KthenaError `conflict` that names the run which holds the lock.
 */
export async function acquireLock(
  client: KubeClient,
  request: LockRequest,
  context: LockContext,
): Promise<ReleaseLock> {
  const { now, emit, signal } = context;
  const timing = { ...LOCK_TIMING, ...context.timing };
  const claim = claimOf(request, timing);
  const taken = await takeLease({ client, claim, now, emit, signal, timing });
  const renewal = new Renewal(client, claim, taken, { now, timing });
  let released: Promise<void> | undefined;
  return {
    signal: renewal.signal,
    release: () => (released ??= release(client, claim, renewal, { emit, timing })),
  };
}

/**
 * Lets the server try to write the Lease, and stores nothing: throws what it answers to whoever lacks a right to create, read or
 * update it. That the Lease exists is fine, as is that the namespace does not exist yet.
 */
export async function rehearseLock(
  client: KubeClient,
  request: LockRequest,
  { now }: { now: () => Date },
): Promise<void> {
  const lease = newLease(claimOf(request, LOCK_TIMING), now());
  const options = { fieldManager: FIELD_MANAGER, dryRun: true };
  const update = async () => client.replace((await client.get(leaseRef(request.release))) ?? lease, options);
  await Promise.all([client.create(lease, options), update()].map(unlessInTheWay));
}

async function unlessInTheWay(attempt: Promise<unknown>): Promise<void> {
  try {
    await attempt;
  } catch (error) {
    // 422: it came into being after it was looked for, and an update of it would have to say which.
    if (![404, 409, 422].some((status) => isApiError(error, status))) throw error;
  }
}

function claimOf({ release, operation }: LockRequest, { leaseSeconds }: LockTiming): Claim {
  return { release, operation, identity: runIdentity(), process: ownMark(), leaseSeconds };
}

/** Never rejects. */
async function release(
  client: KubeClient,
  claim: Claim,
  renewal: Renewal,
  { emit, timing }: { emit: Emit; timing: LockTiming },
): Promise<void> {
  const late = `no answer within ${timing.releaseMs / 1000} s`;
  const failure = await Promise.race([
    deleteOwn(client, claim, renewal).then(() => undefined, messageOf),
    wait(timing.releaseMs, late, { ref: false }),
  ]);
  // Whose lock is lost has more to tell than this.
  if (failure === undefined || renewal.signal.aborted) return;
  emit({ type: 'warning', message: notReleased(claim.release, timing.leaseSeconds, failure) });
}

async function deleteOwn(client: KubeClient, claim: Claim, renewal: Renewal): Promise<void> {
  await renewal.stop();
  const ref = leaseRef(claim.release);
  const { uid, resourceVersion } = renewal.live.metadata;
  try {
    await client.delete(ref, { uid: uid!, resourceVersion: resourceVersion! });
  } catch (error) {
    if (!isApiError(error, 409)) throw error;
    // Changed since this run has seen it: by a renewal whose answer was lost, or by a run that took it over.
    const live = await client.get(ref);
    if (live === undefined || !isHeldBy(live, claim.identity)) return;
    const { metadata } = live;
    await client.delete(ref, { uid: metadata.uid!, resourceVersion: metadata.resourceVersion! });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
