import { partsMark } from './parts-mark.js';
import { isPending, withStatus, type Release, type ReleaseStatus } from './release.js';

/** What is left to do about older revisions once an operation on a release has succeeded. */
export interface TidyPlan {
  /** Revisions with their new status; none that is to be removed. */
  changed: Release[];
  /** Revisions to remove, in this order. */
  removed: number[];
}

const INTERRUPTED: Partial<Record<ReleaseStatus, string>> = {
  'pending-install': 'Install was interrupted',
  'pending-upgrade': 'Upgrade was interrupted',
  'pending-rollback': 'Rollback was interrupted',
};

/**
 * Of all revisions only the newest deployed one stays `deployed`, the others are superseded; one before the newest that is pending was
 * interrupted and has failed. Carrying the plan out, wholly or in part, and planning again comes to the same end.
 *
 * @param history all revisions, the oldest first
 * @param historyMax how many to keep; 0 keeps all
 */
export function planTidying(history: readonly Release[], historyMax: number, now: Date): TidyPlan {
  const deployed = history.findLast(({ info }) => info.status === 'deployed');
  const kept = historyMax === 0 ? [...history] : newestOf(history, historyMax, deployed);
  const changed = kept
    .filter((release) => release !== deployed && release !== history.at(-1))
    .flatMap((release) => outdated(release, now) ?? []);
  const removed = history.filter((release) => !kept.includes(release)).map(({ version }) => version);
  return { changed, removed };
}

/** The oldest go first, but neither the newest, nor the deployed one, nor one whose parts are those of another that stays. */
function newestOf(history: readonly Release[], count: number, deployed: Release | undefined): Release[] {
  let kept = [...history];
  const isFree = (release: Release): boolean =>
    release !== deployed && release !== history.at(-1) && !kept.some((other) => borrowsFrom(other, release));
  while (kept.length > count) {
    const oldest = kept.find(isFree);
    if (oldest === undefined) break;
    kept = kept.filter((release) => release !== oldest);
  }
  return kept;
}

/** So it is after a `helm rollback` to a revision that has parts. */
function borrowsFrom(release: Release, other: Release): boolean {
  return release !== other && partsMark(release)?.revision === other.version;
}

/** Undefined where the status of an older revision is right. */
function outdated(release: Release, now: Date): Release | undefined {
  const { status, description } = release.info;
  // It goes on saying what made the revision, as in Helm's histories.
  if (status === 'deployed') return withStatus(release, 'superseded', description ?? '', now);
  if (isPending(status)) return withStatus(release, 'failed', INTERRUPTED[status]!, now);
  return undefined;
}
