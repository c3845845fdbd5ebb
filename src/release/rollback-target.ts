import { KthenaError } from '../errors.js';
import type { Release } from './release.js';

/**
 * The revision that a rollback brings back: the one asked for, or where none is, what was deployed before. A rollback that was
 * interrupted goes on to where it was going.
 *
 * @param history all revisions, the oldest first; not empty
 * @throws KthenaError `not-found` naming the revisions that there are; `conflict` where the release is being removed
 */
export function rollbackTarget(history: readonly [Release, ...Release[]], revision: number | undefined): Release {
  const latest = history.at(-1)!;
  if (latest.info.status === 'uninstalling') {
    throw new KthenaError('conflict', `release ${latest.name} in namespace ${latest.namespace} is being uninstalled`, {
      hint: `Run kthena uninstall ${latest.name} -n ${latest.namespace} to end the removal.`,
    });
  }
  const wanted = revision ?? interruptedTarget(latest);
  const target = wanted === undefined ? lastDeployed(history) : history.find(({ version }) => version === wanted);
  if (target !== undefined) return target;
  const there = history.map(({ version, info }) => `${version} (${info.status})`).join(', ');
  throw new KthenaError(
    'not-found',
    wanted === undefined
      ? `release ${latest.name} has no earlier revision that was deployed`
      : `release ${latest.name} has no revision ${wanted}`,
    { details: [`there are: ${there}`], hint: `kthena history ${latest.name} -n ${latest.namespace} shows them.` },
  );
}

function interruptedTarget({ info }: Release): number | undefined {
  return info.status === 'pending-rollback' ? info.rollback_revision : undefined;
}

/** A failed or interrupted revision is left for the deployed one, a deployed one for the one before it. */
function lastDeployed(history: readonly Release[]): Release | undefined {
  const latest = history.at(-1)!;
  return history.findLast(
    (release) => release !== latest && (release.info.status === 'deployed' || release.info.status === 'superseded'),
  );
}
