import { crdRef } from '../crds/crd.js';
import { checkUpgrades } from '../crds/upgrade-check.js';
import { KthenaError } from '../errors.js';
import type { KubeClient } from '../kube/client.js';
import { aboutObject, formatRef, refOf } from '../kube/object.js';
import { describeOwner, isOwnedBy, type Owner } from '../plan/ownership.js';
import type { Change, Obstacle } from '../plan/plan.js';
import { checkNamespaceUsable } from '../preflight/namespace/usable.js';
import { checkOnlyInstall } from '../preflight/objects/only-install.js';
import { describeNowhere, describeUnknownKind, withoutKind, withoutNamespace } from '../preflight/objects/place.js';
import type { Release } from '../release/release.js';
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
  await checkOnlyInstall(client, found.objects, policy.release);
  const { obstacles } = found.objects;
  const details = [
    ...(unreadable === undefined ? [] : [unreadable.message]),
    ...(found.namespaceRefusal === undefined ? [] : [found.namespaceRefusal]),
    ...upgrades.flatMap(({ name, refusal }) => (refusal === undefined ? [] : [aboutObject(crdRef(name), refusal)])),
    ...obstacles.map(({ message }) => message),
    ...(policy.dryRun ? [] : withoutKind(found.objects).map(describeUnknownKind)),
    ...withoutNamespace(found.objects, policy.release).map(describeNowhere),
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
