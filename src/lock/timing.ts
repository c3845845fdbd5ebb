/** In seconds and milliseconds; tests use shorter times. */
export interface LockTiming {
  /** Without a renewal for so long, another run may take the lock over. */
  leaseSeconds: number;
  renewMs: number;
  /** How often it is looked whether a renewal is due: a machine that wakes up finds out within this time. */
  tickMs: number;
  /** For one attempt at a renewal: there has to be time for another. */
  attemptMs: number;
  /** How long an expired Lease is watched: longer than a living holder goes without a renewal. */
  watchMs: number;
  /** For the deletion at the end, which must not hold a run up. */
  releaseMs: number;
}

export const LOCK_TIMING: LockTiming = {
  leaseSeconds: 30,
  renewMs: 10_000,
  tickMs: 1_000,
  attemptMs: 6_000,
  watchMs: 15_000,
  releaseMs: 5_000,
};
