import { KthenaError } from '../errors.js';
import { formatRef, refOf } from '../kube/object.js';
import type { Change } from '../plan/plan.js';
import type { Survey } from '../plan/survey.js';
import { madeBy, type Release } from '../release/release.js';
import type { InstallRequest } from './install-request.js';

/**
 * Refuses an install that could not end well, before anything is written.
 *
 * @throws KthenaError naming every object that stands in the way
 */
export function checkInstallable(found: Survey, request: InstallRequest): void {
  checkNamespaceUsable(found, request);
  const obstacles = [...found.crds.obstacles, ...found.objects.obstacles];
  const unknown = request.dryRun ? [] : found.objects.changes.filter(isOfUnknownKind).map(describeUnknownKind);
  if (obstacles.length === 0 && unknown.length === 0) return;
  const foreign = obstacles.some(({ kind }) => kind === 'foreign');
  throw new KthenaError('conflict', 'the cluster does not take this install; nothing was written', {
    details: [...obstacles.map(({ message }) => message), ...unknown],
    hint: foreign
      ? 'If these objects are to become part of this release, run the command again with --take-ownership.'
      : undefined,
  });
}

function checkNamespaceUsable({ namespace }: Survey, request: InstallRequest): void {
  const name = request.release.namespace;
  if (namespace === undefined && !request.createNamespace) {
    throw new KthenaError('not-found', `namespace ${name} does not exist`, {
      hint: 'Leave --create-namespace=false away to have it created.',
    });
  }
  if (namespace?.metadata.deletionTimestamp !== undefined) {
    throw new KthenaError('conflict', `namespace ${name} is being deleted`, {
      hint: `Wait until it is gone (kubectl get namespace ${name}), or install into another namespace with -n.`,
    });
  }
}

/**
 * An install of what is installed already changes nothing; anything else is an upgrade's work.
 *
 * @throws KthenaError `conflict` naming what differs
 */
export function checkUnchanged(installed: Release, changes: readonly Change[]): void {
  const { name, namespace, version } = installed;
  const differing = changes.filter(({ action }) => action !== 'unchanged');
  if (differing.length === 0) return;
  const by = madeBy(installed) === 'helm' ? ' by Helm' : '';
  throw new KthenaError(
    'conflict',
    `release ${name} is installed${by} in namespace ${namespace} (revision ${version}) and would change`,
    {
      details: differing.map(({ action, object }) => `${formatRef(refOf(object))}: ${action}`),
      hint: `Run kthena upgrade ${name} -n ${namespace} with the same values to change it.`,
    },
  );
}

function isOfUnknownKind(change: Change): boolean {
  return change.action === 'create' && change.waitsFor === 'kind';
}

function describeUnknownKind({ object }: Change): string {
  const hint = object.apiVersion.startsWith('cert-manager.io/') ? '; install cert-manager first' : '';
  return `${formatRef(refOf(object))}: the cluster does not serve ${object.kind} of ${object.apiVersion}${hint}`;
}
