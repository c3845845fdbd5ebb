import { crdRef } from '../crds/crd.js';
import { checkUpgrades } from '../crds/upgrade-check.js';
import { KthenaError } from '../errors.js';
import type { KubeClient } from '../kube/client.js';
import { aboutObject, formatRef, refOf } from '../kube/object.js';
import { describeOwner, isOwnedBy, type Owner } from '../plan/ownership.js';
import type { Change, Obstacle } from '../plan/plan.js';
import type { Survey } from '../plan/survey.js';
import { checkNamespaceUsable } from '../preflight/namespace/usable.js';
import type { Release } from '../release/release.js';
import { ReleaseStore } from '../release/store.js';
import type { ReleaseIdentity } from '../render/scope.js';
import type { DeploymentPlan } from './deployment.js';

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

/** What the user allows a deployment to do. */
export interface DeployPolicy {
  release: ReleaseIdentity;
  createNamespace: boolean;
  dryRun: boolean;
  forceConflicts: boolean;
  allowDowngrade: boolean;
}

/**
 * Refuses what could not end well, before anything is written.
 *
 * @param what `install`, `upgrade`: what is refused
 * @param unreadable why the history of the release may not be read
 * @throws KthenaError naming every object that stands in the way
 */
export async function checkDeployable(
  client: KubeClient,
  what: string,
  { found, upgrades }: DeploymentPlan,
  policy: DeployPolicy,
  unreadable?: KthenaError,
): Promise<void> {
  if (found.namespaceRefusal === undefined) checkNamespaceUsable(found.namespace, policy);
  await checkOnlyInstall(client, found, policy.release);
  const { obstacles } = found.objects;
  const details = [
    ...(unreadable === undefined ? [] : [unreadable.message]),
    ...(found.namespaceRefusal === undefined ? [] : [found.namespaceRefusal]),
    ...upgrades.flatMap(({ name, refusal }) => (refusal === undefined ? [] : [aboutObject(crdRef(name), refusal)])),
    ...obstacles.map(({ message }) => message),
    ...(policy.dryRun ? [] : found.objects.changes.filter(isOfUnknownKind).map(describeUnknownKind)),
    ...found.objects.changes.filter(nowhere(found, policy.release)).map(describeNowhere),
  ];
  // An install goes no risk with stored resources; `kthena crds upgrade` has the flag for that.
  if (details.length === 0) return checkUpgrades(upgrades, { ...policy, allowBreaking: false });
  throw new KthenaError('conflict', `the cluster does not take this ${what}; nothing was written`, {
    details,
    hint: wayOn(obstacles),
  });
}

function wayOn(obstacles: readonly Obstacle[]): string | undefined {
  const ways = [
    ...(obstacles.some(({ kind }) => kind === 'foreign')
      ? ['If these objects are to become part of this release, run the command again with --take-ownership.']
      : []),
    ...(obstacles.some(({ kind }) => kind === 'conflict')
      ? ['Set the values to what the other managers want, or take their fields over with --force-conflicts.']
      : []),
  ];
  return ways.length === 0 ? undefined : ways.join(' ');
}

/**
 * Cluster roles and webhook configurations have fixed names: a second install would take them from the first, whose pods
 * would then stand without rights and webhooks. So they are not taken from a release that is there, whatever the flags.
 */
async function checkOnlyInstall(client: KubeClient, { objects }: Survey, own: Owner): Promise<void> {
  const owners = [
    ...objects.obstacles.flatMap(({ owner }) => (owner === undefined ? [] : [owner])),
    ...objects.changes.flatMap((change) =>
      change.action === 'adopt' && change.from !== undefined ? [change.from] : [],
    ),
  ];
  const distinct = [...new Map(owners.map((owner) => [`${owner.namespace}/${owner.name}`, owner])).values()];
  for (const { name, namespace } of distinct) {
    const release = await new ReleaseStore(client, namespace).latest(name);
    const isOwn = name === own.name && namespace === own.namespace;
    if (isOwn || release === undefined || release.info.status === 'uninstalled') continue;
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

function isOfUnknownKind(change: Change): boolean {
  return change.action === 'create' && change.waitsFor === 'kind';
}

/** An object of a post-renderer may be of any namespace, but nobody makes that unless it is one of the objects too. */
function nowhere({ objects }: Survey, release: ReleaseIdentity): (change: Change) => boolean {
  const made = objects.changes
    .filter(({ object }) => object.kind === 'Namespace')
    .map(({ object }) => refOf(object).name);
  const there = new Set([release.namespace, ...made]);
  return (change) =>
    change.action === 'create' &&
    change.waitsFor === 'namespace' &&
    !there.has(change.object.metadata.namespace ?? release.namespace);
}

function describeNowhere({ object }: Change): string {
  return `${formatRef(refOf(object))}: namespace ${object.metadata.namespace} does not exist`;
}

function describeUnknownKind({ object }: Change): string {
  const hint = object.apiVersion.startsWith('cert-manager.io/') ? '; install cert-manager first' : '';
  return `${formatRef(refOf(object))}: the cluster does not serve ${object.kind} of ${object.apiVersion}${hint}`;
}
