import { KthenaError } from '../errors.js';
import { deployedRevision } from './history.js';
import { isPending, madeBy, type Release } from './release.js';

/** Where an upgrade begins, given what the cluster knows of the release. */
export interface UpgradeStart {
  /** The revision whose values are carried over. */
  base: Release;
  latest: Release;
  /** This tool began the latest revision as an upgrade, and did not end it. */
  interrupted: boolean;
  /** What the user should know of the latest revision. */
  remark?: string;
}

/**
 * @param history all revisions, the oldest first; not empty
 * @throws KthenaError `conflict` where the release is in the middle of something that is to be ended first
 */
export function upgradeStart(history: readonly [Release, ...Release[]]): UpgradeStart {
  const latest = history.at(-1)!;
  const { status } = latest.info;
  const where = `${latest.name} -n ${latest.namespace}`;
  if (status === 'uninstalling') {
    throw stuck(latest, `Run kthena uninstall ${where} to end the removal.`);
  }
  const base = deployedRevision(history);
  if (madeBy(latest) === 'kthena') {
    if (base === undefined)
      throw stuck(latest, `Run the same kthena install again to end it, or kthena uninstall ${where}.`);
    if (status === 'pending-rollback') {
      const target = latest.info.rollback_revision ?? '';
      throw stuck(latest, `Run kthena rollback ${latest.name} ${target} -n ${latest.namespace} to end it.`);
    }
    return { base, latest, interrupted: status === 'pending-upgrade' };
  }
  return { base: base ?? latest, latest, interrupted: false, ...remarkOn(latest, base) };
}

/** Helm has no lock: what it left pending was killed, as far as anybody can tell. */
function remarkOn(latest: Release, base: Release | undefined): { remark?: string } {
  const { status, last_deployed: since } = latest.info;
  if (!isPending(status)) return {};
  const rest = base === undefined ? '' : `; revision ${base.version} is what was deployed before`;
  return {
    remark: `revision ${latest.version} is ${status} since ${since ?? 'an unknown time'}: a Helm that was stopped left it so${rest}. This run takes its place`,
  };
}

function stuck({ name, namespace, version, info }: Release, hint: string): KthenaError {
  return new KthenaError('conflict', `release ${name} in namespace ${namespace} is ${info.status}`, {
    details: [`revision ${version}: ${info.description ?? ''}`],
    hint,
  });
}
