import type { Release } from './release.js';

/**
 * The revision that is in the cluster as a whole: the newest deployed one. Where an interrupted run of Helm's left none,
 * the newest that once was.
 *
 * @param history all revisions, the oldest first
 */
export function deployedRevision(history: readonly Release[]): Release | undefined {
  const current = sinceUninstalled(history);
  return (
    current.findLast(({ info }) => info.status === 'deployed') ??
    current.findLast(({ info }) => info.status === 'superseded')
  );
}

/** Revisions of which objects may be in the cluster: the deployed one, and every attempt since. */
export function revisionsInCluster(history: readonly Release[]): Release[] {
  const current = sinceUninstalled(history);
  const deployed = deployedRevision(history);
  return deployed === undefined ? current : current.slice(current.indexOf(deployed));
}

/** What was before an uninstall that kept the history is gone. */
function sinceUninstalled(history: readonly Release[]): Release[] {
  return history.slice(history.findLastIndex(({ info }) => info.status === 'uninstalled') + 1);
}
