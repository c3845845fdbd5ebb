import { isDeepStrictEqual } from 'node:util';
import type { Bundle } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import type { ReleasedChart } from '../release/chart.js';
import { newRelease, withStatus, type Release, type ReleaseStatus } from '../release/release.js';
import type { ReleaseStore } from '../release/store.js';
import { printManifest } from '../render/print.js';
import type { ReleaseIdentity } from '../render/scope.js';
import type { Prepared } from './prepare.js';

/** What makes a revision, in the words of its record. */
export interface Operation {
  pending: ReleaseStatus;
  /** `Install`, as in "Install in progress". */
  name: string;
  /** What other runs are told that this one does: `install`. */
  lock: string;
  /** How to go back where it did not end. */
  wayBack(release: ReleaseIdentity): string;
}

/** A revision to be made: a new one, or the one that an earlier run began and did not end. */
export type Beginning =
  { kind: 'new'; revision: number; firstDeployed?: string | undefined } | { kind: 'resume'; release: Release };

export interface RevisionContents {
  chart: ReleasedChart;
  config: Record<string, unknown>;
  manifest: string;
  /** The revision that a rollback brings back. */
  rollbackRevision?: number;
}

/** What a bundle with these values is recorded as. */
export function contentsOf(bundle: Bundle, { user, rendering }: Prepared): RevisionContents {
  return {
    chart: {
      name: bundle.name,
      version: bundle.version,
      appVersion: bundle.appVersion,
      defaults: bundle.defaults,
      schema: JSON.stringify(bundle.schema),
    },
    config: user.values,
    manifest: printManifest(bundle.name, rendering.objects),
  };
}

/** How much of an error goes into the description of a revision: a record has little room left (Secrets hold 1 MiB). */
const MAX_DESCRIPTION = 1000;

/** The record of a revision that is about to begin. Nothing is written. */
export function draftRevision(
  release: ReleaseIdentity,
  { pending, name }: Operation,
  contents: RevisionContents,
  start: Beginning,
  now: Date,
): Release {
  const { rollbackRevision, ...parts } = contents;
  const firstDeployed = start.kind === 'resume' ? start.release.info.first_deployed : start.firstDeployed;
  const draft = newRelease({
    ...release,
    revision: start.kind === 'resume' ? start.release.version : start.revision,
    status: pending,
    description: `${name} in progress`,
    ...parts,
    now,
    ...(firstDeployed === undefined ? {} : { firstDeployed }),
  });
  if (rollbackRevision === undefined) return draft;
  return { ...draft, info: { ...draft.info, rollback_revision: rollbackRevision } };
}

/** Whether two records are of the same version with the same values, and made the same objects. */
export function hasSameContents(a: Release, b: Release): boolean {
  return (
    a.chart.metadata.version === b.chart.metadata.version &&
    a.chart.metadata.appVersion === b.chart.metadata.appVersion &&
    a.manifest === b.manifest &&
    isDeepStrictEqual(a.config, b.config)
  );
}

/**
 * Writes the record of a revision, as pending. It comes before the first object, so that a run that is killed
 * at any moment is known to the next one, to `kthena status` and to Helm.
 */
export function beginRevision(store: ReleaseStore, draft: Release, start: Beginning): Promise<Release> {
  if (start.kind === 'new') return store.create(draft);
  const { stored } = start.release;
  return store.update(stored === undefined ? draft : { ...draft, stored });
}

export function endRevision(store: ReleaseStore, record: Release, description: string, now: Date): Promise<Release> {
  return store.update(withStatus(record, 'deployed', description, now));
}

/** What became of a revision that did not come to its end. */
export interface Failure {
  /** To be thrown; it says how to go on. */
  error: unknown;
  /** Somebody else has gone on with this revision: what becomes of it is that run's business. */
  overtaken: boolean;
}

/** Records that a revision did not come to its end. */
export async function failRevision(
  store: ReleaseStore,
  record: Release,
  operation: Operation,
  error: unknown,
  now: Date,
): Promise<Failure> {
  if (!(error instanceof KthenaError)) return { error, overtaken: false };
  let hint = `Run the same command again to go on, or ${operation.wayBack(record)}.`;
  try {
    const description = `${operation.name} failed: ${error.message}`.slice(0, MAX_DESCRIPTION);
    await store.update(withStatus(record, 'failed', description, now));
  } catch (recordError) {
    if (recordError instanceof KthenaError && recordError.code === 'conflict')
      return { error: recordError, overtaken: true };
    hint = `The record of the release could not be updated either (${(recordError as Error).message}). ${hint}`;
  }
  const explained = new KthenaError(error.code, error.message, {
    details: error.details,
    hint: [error.hint, hint].filter((sentence) => sentence !== undefined).join(' '),
    cause: error,
  });
  return { error: explained, overtaken: false };
}
