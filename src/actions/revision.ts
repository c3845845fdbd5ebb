import type { Bundle } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import { printManifest } from '../render/print.js';
import type { InstallStart } from '../release/install-start.js';
import { newRelease, withStatus, type Release } from '../release/release.js';
import type { ReleaseStore } from '../release/store.js';
import type { InstallRequest } from './install-request.js';
import type { Prepared } from './prepare.js';

/** An install that changes something: the first one, or one that goes on. */
export type Beginning = Exclude<InstallStart, { kind: 'installed' }>;

/** How much of an error goes into the description of a revision: a record has little room left (Secrets hold 1 MiB). */
const MAX_DESCRIPTION = 1000;

/** The record of an install that is about to begin. Nothing is written. */
export function draftRevision(
  bundle: Bundle,
  prepared: Prepared,
  request: InstallRequest,
  start: Beginning,
  now: Date,
): Release {
  const firstDeployed = start.kind === 'resume' ? start.release.info.first_deployed : start.firstDeployed;
  return newRelease({
    ...request.release,
    revision: start.kind === 'resume' ? start.release.version : start.revision,
    status: 'pending-install',
    description: 'Install in progress',
    chart: {
      name: bundle.name,
      version: bundle.version,
      appVersion: bundle.appVersion,
      defaults: bundle.defaults,
      schema: JSON.stringify(bundle.schema),
    },
    config: prepared.user.values,
    manifest: printManifest(bundle.name, prepared.rendering.objects),
    now,
    ...(firstDeployed === undefined ? {} : { firstDeployed }),
  });
}

/**
 * Writes the record of an install, as `pending-install`. It comes before the first object, so that an install that is killed
 * at any moment is known to the next run, to `kthena status` and to Helm.
 */
export function beginRevision(store: ReleaseStore, draft: Release, start: Beginning): Promise<Release> {
  if (start.kind === 'new') return store.create(draft);
  const { stored } = start.release;
  return store.update(stored === undefined ? draft : { ...draft, stored });
}

export function endRevision(store: ReleaseStore, record: Release, description: string, now: Date): Promise<Release> {
  return store.update(withStatus(record, 'deployed', description, now));
}

/**
 * Records that an install did not end, and says how to go on.
 *
 * @returns the error to throw
 */
export async function failRevision(store: ReleaseStore, record: Release, error: unknown, now: Date): Promise<unknown> {
  if (!(error instanceof KthenaError)) return error;
  const where = `${record.name} -n ${record.namespace}`;
  let hint = `Run the same command again to go on, or kthena uninstall ${where} to remove what was written.`;
  try {
    const description = `Install failed: ${error.message}`.slice(0, MAX_DESCRIPTION);
    await store.update(withStatus(record, 'failed', description, now));
  } catch (recordError) {
    // Somebody else has gone on with this revision: what becomes of it is that run's business.
    if (recordError instanceof KthenaError && recordError.code === 'conflict') return recordError;
    hint = `The record of the release could not be updated either (${(recordError as Error).message}). ${hint}`;
  }
  return new KthenaError(error.code, error.message, {
    details: error.details,
    hint: [error.hint, hint].filter((sentence) => sentence !== undefined).join(' '),
    cause: error,
  });
}
