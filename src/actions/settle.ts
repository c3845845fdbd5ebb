import { KthenaError } from '../errors.js';
import { leaseRef } from '../lock/lease.js';
import { planTidying } from '../release/tidy-plan.js';
import { tidyHistory } from '../release/tidy.js';
import type { Release } from '../release/release.js';
import type { ReleaseStore } from '../release/store.js';
import type { ReleaseIdentity } from '../render/scope.js';
import type { ActionContext } from './context.js';
import { withLock } from './lock.js';

/** Older revisions are set right. What fails of it is no failure of the work, and is done by the next run. */
export async function tidy(
  store: ReleaseStore,
  history: readonly Release[],
  historyMax: number,
  { now, emit }: Pick<ActionContext, 'now' | 'emit'>,
): Promise<void> {
  try {
    await tidyHistory(store, history, { historyMax, now: now() });
  } catch (error) {
    if (!(error instanceof KthenaError)) throw error;
    emit({ type: 'warning', message: `the records of older revisions are as they were: ${error.message}` });
  }
}

/**
 * Ends what a run that was killed after its last change had left to do. Nothing is written where there is nothing of that kind, or
 * where another run works on the release.
 */
export async function settle(
  store: ReleaseStore,
  history: readonly Release[],
  { release, historyMax }: { release: ReleaseIdentity; historyMax: number },
  context: ActionContext,
): Promise<void> {
  const { changed, removed } = planTidying(history, historyMax, context.now());
  const isTidy = changed.length === 0 && removed.length === 0;
  if (isTidy && (await context.client.get(leaseRef(release))) === undefined) return;
  try {
    await withLock({ release, operation: 'tidying up' }, context, (locked) => tidy(store, history, historyMax, locked));
  } catch (error) {
    if (!(error instanceof KthenaError) || error.code !== 'conflict') throw error;
  }
}
