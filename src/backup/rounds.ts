import { setMaxListeners } from 'node:events';
import type { Emit } from '../events.js';
import type { KubeClient } from '../kube/client.js';
import { interruption } from '../kube/interruption.js';
import { formatRef, refOf } from '../kube/object.js';
import { Lanes } from './lanes.js';
import type { Outcomes } from './outcomes.js';
import { readBackup, type BackupDocument, type ReadOptions } from './read.js';
import type { RefusedFile } from './refused-file.js';
import { restoreResource, type Outcome, type RestoreOptions } from './restore-resource.js';
import type { BackupSource } from './source.js';

/** Requests under way at once: the API server's own fairness does the rest. */
const CONCURRENCY = 16;

export interface RestoreJob {
  source: BackupSource;
  reading: ReadOptions;
  /** Resources in the backup. */
  total: number;
  outcomes: Outcomes;
  refused: RefusedFile;
  options: RestoreOptions;
}

/**
 * Restores the resources of a backup, owners before those they own: round after round over the file, until no resource waits for its
 * owner any more. Mostly the first round is the last, since a backup has owners first.
 *
 * @throws KthenaError for what ends a restore early; what was under way then has been counted
 */
export async function restoreInRounds(client: KubeClient, job: RestoreJob, emit: Emit): Promise<void> {
  // Every lane may listen to it.
  setMaxListeners(0, job.options.signal);
  let waiting = await round(client, job, emit, undefined, false);
  while (waiting.size > 0) {
    const left = await round(client, job, emit, waiting, false);
    // Nobody has come for whom the others have waited.
    waiting = left.size < waiting.size ? left : await round(client, job, emit, waiting, true);
  }
}

/**
 * @param only the names of resources; all where undefined
 * @returns the names of those that wait for an owner; none in the last round
 */
async function round(
  client: KubeClient,
  { source, reading, total, outcomes, refused, options }: RestoreJob,
  emit: Emit,
  only: ReadonlySet<string> | undefined,
  last: boolean,
): Promise<Set<string>> {
  const { dryRun, signal } = options;
  const waiting = new Set<string>();
  const lanes = new Lanes<{ document: BackupDocument; outcome: Outcome }>(
    CONCURRENCY,
    async ({ document, outcome }) => {
      if (outcome.type === 'deferred') return void waiting.add(nameOf(document));
      outcomes.add(document, outcome);
      emit({ type: 'count', what: dryRun ? 'tried' : 'restored', done: outcomes.done, total });
      const left = outcome.type === 'refused' || (outcome.type === 'restored' && outcome.statusRefused !== undefined);
      if (left && !dryRun) await refused.add(document.resource);
    },
  );
  try {
    await readBackup(source.chunks(), reading, async (document) => {
      if (signal.aborted) throw interruption(signal);
      if (only?.has(nameOf(document)) === false) return;
      await lanes.add(async () => ({
        document,
        outcome: await restoreResource(client, document.resource, last, options),
      }));
    });
  } finally {
    await lanes.drain();
  }
  return waiting;
}

function nameOf({ resource }: BackupDocument): string {
  return formatRef(refOf(resource.object));
}
