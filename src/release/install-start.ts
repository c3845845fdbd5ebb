import { KthenaError } from '../errors.js';
import { deployedRevision } from './history.js';
import { madeBy, type Release } from './release.js';

/** Where an install begins, given what the cluster knows of a release of that name. */
export type InstallStart =
  | { kind: 'new'; revision: number; firstDeployed?: string | undefined }
  /** An earlier install failed or was cut off: its revision is used again. */
  | { kind: 'resume'; release: Release }
  | { kind: 'installed'; release: Release };

/**
 * @param history all revisions, the oldest first
 * @throws KthenaError `conflict` where the release is in the middle of something that an install must not touch
 */
export function installStart(history: readonly Release[]): InstallStart {
  const latest = history.at(-1);
  if (latest === undefined) return { kind: 'new', revision: 1 };
  const { status } = latest.info;
  if (status === 'deployed') return { kind: 'installed', release: latest };
  if (status === 'uninstalled') {
    return { kind: 'new', revision: latest.version + 1, firstDeployed: latest.info.first_deployed };
  }
  if (isUnfinishedInstall(history)) return { kind: 'resume', release: latest };
  throw new KthenaError('conflict', `release ${latest.name} in namespace ${latest.namespace} is ${status}`, {
    details: [`revision ${latest.version}, made by ${madeBy(latest)}: ${latest.info.description}`],
    hint: wayOn(latest),
  });
}

function wayOn({ name, namespace, info }: Release): string {
  const where = `${name} -n ${namespace}`;
  switch (info.status) {
    case 'uninstalling':
      return `Run kthena uninstall ${where} to end the removal, then install again.`;
    case 'pending-upgrade':
      return `Run kthena upgrade ${where} --continue to end that upgrade, or kthena rollback ${where} to go back.`;
    case 'pending-rollback':
      return `Run kthena rollback ${where} to end that rollback.`;
    default:
      return `Run kthena upgrade ${where} to go on from it, or kthena uninstall ${where} to remove it before a new install.`;
  }
}

/** Whether this tool began a first install that failed or was cut off: an install goes on with it. */
export function isUnfinishedInstall(history: readonly Release[]): boolean {
  const latest = history.at(-1);
  return (
    latest !== undefined &&
    deployedRevision(history) === undefined &&
    (latest.info.status === 'failed' || latest.info.status === 'pending-install') &&
    madeBy(latest) === 'kthena'
  );
}
