import type { Release } from './release.js';
import type { ReleaseStore } from './store.js';
import { planTidying } from './tidy-plan.js';

/**
 * Brings the older revisions of a release in order after an operation on it has succeeded: see `planTidying`. Cut off at any moment,
 * it ends its work when it is called again with the history that is there then; with nothing to do it asks the server nothing.
 *
 * @param history all revisions, the oldest first, as the store has them now
 * @throws KthenaError `conflict` where somebody else changes a revision at the same time
 */
export async function tidyHistory(
  store: ReleaseStore,
  history: readonly Release[],
  { historyMax, now }: { historyMax: number; now: Date },
): Promise<void> {
  const { changed, removed } = planTidying(history, historyMax, now);
  for (const release of changed) await store.update(release);
  for (const revision of removed) await store.remove(history[0]!.name, revision);
}
