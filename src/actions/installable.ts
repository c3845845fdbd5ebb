import { crdRef } from '../crds/crd.js';
import { checkUpgrades } from '../crds/upgrade-check.js';
import type { CrdUpgrade } from '../crds/upgrade-plan.js';
import { KthenaError } from '../errors.js';
import type { KubeClient } from '../kube/client.js';
import { aboutObject, formatRef, refOf } from '../kube/object.js';
import { describeOwner, isOwnedBy, type Owner } from '../plan/ownership.js';
import type { Change } from '../plan/plan.js';
import type { Survey } from '../plan/survey.js';
import { madeBy, type Release } from '../release/release.js';
import { ReleaseStore } from '../release/store.js';
import type { InstallRequest } from './install-request.js';

/** The revisions of a release, or why they may not be read. */
export type History = { releases: Release[]; refusal?: KthenaError };

/** A history that may not be read is one finding among others, so that a user sees every right that is missing. */
export async function readable(history: Promise<Release[]>): Promise<History> {
  try {
    return { releases: await history };
  } catch (error) {
    if (error instanceof KthenaError && error.code === 'forbidden') return { releases: [], refusal: error };
    throw error;
  }
}

/** What was found out about the cluster. */
export interface Findings {
  found: Survey;
  upgrades: readonly CrdUpgrade[];
  history: History;
}

/** An install goes no risk with CRDs; `kthena crds upgrade` has the flags for that. */
const NOTHING_ALLOWED = { allowBreaking: false, allowDowngrade: false, forceConflicts: false };

/**
 * Refuses an install that could not end well, before anything is written.
 *
 * @throws KthenaError naming every object that stands in the way
 */
export async function checkInstallable(
  client: KubeClient,
  { found, upgrades, history }: Findings,
  request: InstallRequest,
): Promise<void> {
  if (found.namespaceRefusal === undefined) checkNamespaceUsable(found, request);
  await checkOnlyInstall(client, found);
  const { obstacles } = found.objects;
  const details = [
    ...(history.refusal === undefined ? [] : [history.refusal.message]),
    ...(found.namespaceRefusal === undefined ? [] : [found.namespaceRefusal]),
    ...upgrades.flatMap(({ name, refusal }) => (refusal === undefined ? [] : [aboutObject(crdRef(name), refusal)])),
    ...obstacles.map(({ message }) => message),
    ...(request.dryRun ? [] : found.objects.changes.filter(isOfUnknownKind).map(describeUnknownKind)),
  ];
  if (details.length === 0) return checkUpgrades(upgrades, NOTHING_ALLOWED);
  throw new KthenaError('conflict', 'the cluster does not take this install; nothing was written', {
    details,
    hint: obstacles.some(({ kind }) => kind === 'foreign')
      ? 'If these objects are to become part of this release, run the command again with --take-ownership.'
      : undefined,
  });
}

/**
 * Cluster roles and webhook configurations have fixed names: a second install would take them from the first, whose pods
 * would then stand without rights and webhooks. So they are not taken from a release that is there, whatever the flags.
 */
async function checkOnlyInstall(client: KubeClient, { objects }: Survey): Promise<void> {
  const owners = [
    ...objects.obstacles.flatMap(({ owner }) => (owner === undefined ? [] : [owner])),
    ...objects.changes.flatMap((change) =>
      change.action === 'adopt' && change.from !== undefined ? [change.from] : [],
    ),
  ];
  const distinct = [...new Map(owners.map((owner) => [`${owner.namespace}/${owner.name}`, owner])).values()];
  for (const { name, namespace } of distinct) {
    const release = await new ReleaseStore(client, namespace).latest(name);
    if (release === undefined || release.info.status === 'uninstalled') continue;
    throw new KthenaError(
      'conflict',
      `Kthena is in this cluster already: release ${name} in namespace ${namespace} (${release.info.status})`,
      {
        details: objects.obstacles.map(({ message }) => message),
        hint: `One cluster takes one install, since its cluster roles and webhooks have fixed names. Use that one (kthena status ${name} -n ${namespace}), or remove it first with kthena uninstall.`,
      },
    );
  }
}

/**
 * Two installs that began at the same moment did not see each other, and the objects without a namespace are theirs in common. Whoever
 * does not own them all at the end has lost.
 *
 * @throws KthenaError `conflict`
 */
export async function checkStillOwner(client: KubeClient, changes: readonly Change[], release: Owner): Promise<void> {
  const shared = changes.map(({ object }) => refOf(object)).filter(({ namespace }) => namespace === undefined);
  const live = await Promise.all(shared.map((ref) => client.get(ref)));
  const lost = live.filter((object) => object !== undefined && !isOwnedBy(object, release));
  if (lost.length === 0) return;
  throw new KthenaError('conflict', 'another install took over objects of this one while it ran', {
    details: lost.map((object) => `${formatRef(refOf(object!))}: ${describeOwner(object!)}`),
  });
}

function checkNamespaceUsable({ namespace }: Survey, request: InstallRequest): void {
  const name = request.release.namespace;
  if (namespace === undefined && !request.createNamespace) {
    throw new KthenaError('not-found', `namespace ${name} does not exist`, {
      hint: 'Leave out --create-namespace=false to have it created, or create it first.',
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
