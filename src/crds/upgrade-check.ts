import { KthenaError } from '../errors.js';
import { aboutObject, formatRef } from '../kube/object.js';
import { counted } from './counted.js';
import { crdRef } from './crd.js';
import type { AffectedResource, CrdUpgrade } from './upgrade-plan.js';

/** What the user allows an upgrade of CRDs to do. */
export interface UpgradePolicy {
  allowBreaking: boolean;
  allowDowngrade: boolean;
  forceConflicts: boolean;
}

/** How many affected resources are named; all of them are in `kthena crds diff -o json`. */
const NAMED = 50;

/**
 * Refuses upgrades that would break stored resources, go back to an older CRD or change fields of others, before anything is written.
 *
 * @throws KthenaError `conflict` with the first of `upgradeProblems`
 */
export function checkUpgrades(upgrades: readonly CrdUpgrade[], policy: UpgradePolicy): void {
  const [problem] = upgradeProblems(upgrades, policy);
  if (problem !== undefined) throw problem;
}

/** Everything that keeps these upgrades from being made, the most pressing first. */
export function upgradeProblems(upgrades: readonly CrdUpgrade[], policy: UpgradePolicy): KthenaError[] {
  const terminating = upgrades.filter((upgrade) => upgrade.terminating);
  const refused = upgrades.filter(({ refusal }) => refusal !== undefined);
  const downgrades = policy.allowDowngrade ? [] : upgrades.filter(({ action }) => action === 'downgrade');
  const conflicting = policy.forceConflicts ? [] : upgrades.filter(({ conflicts }) => conflicts.length > 0);
  const breaking = policy.allowBreaking ? [] : upgrades.filter(({ affected }) => affected.length > 0);
  return [
    ...(terminating.length === 0 ? [] : [terminatingError(terminating)]),
    ...(refused.length === 0 ? [] : [refusedError(refused)]),
    ...(downgrades.length === 0 ? [] : [downgradeError(downgrades)]),
    ...(conflicting.length === 0 ? [] : [conflictError(conflicting)]),
    ...(breaking.length === 0 ? [] : [breakingError(breaking)]),
  ];
}

function terminatingError(terminating: readonly CrdUpgrade[]): KthenaError {
  return new KthenaError('conflict', 'CRDs are being deleted', {
    details: terminating.map(({ name }) => `CustomResourceDefinition/${name}: is being deleted`),
    hint: 'Wait until they are gone: kubectl get crd. If one stays, a resource of its kind is held by a finalizer.',
  });
}

function refusedError(refused: readonly CrdUpgrade[]): KthenaError {
  return new KthenaError('forbidden', 'the API server does not take these CRDs; nothing was written', {
    details: refused.map(({ name, refusal }) => aboutObject(crdRef(name), refusal!)),
  });
}

function downgradeError(downgrades: readonly CrdUpgrade[]): KthenaError {
  return new KthenaError('conflict', 'the cluster has newer CRDs than this bundle; they are not downgraded', {
    details: downgrades.map(
      ({ name, changes }) => `CustomResourceDefinition/${name}: ${counted(changes.length, 'change')} back`,
    ),
    hint: 'kthena crds diff shows them; kthena crds upgrade --allow-downgrade goes back, install --skip-crds leaves them alone.',
  });
}

function conflictError(conflicting: readonly CrdUpgrade[]): KthenaError {
  return new KthenaError('conflict', 'other managers own fields of these CRDs that would change', {
    details: conflicting.flatMap(({ name, conflicts }) => [
      `CustomResourceDefinition/${name}:`,
      ...conflicts.map((line) => `  ${line}`),
    ]),
    hint: 'Add --force-conflicts to take these fields over.',
  });
}

function breakingError(breaking: readonly CrdUpgrade[]): KthenaError {
  const affected = breaking.flatMap((upgrade) => upgrade.affected);
  return new KthenaError('conflict', `the upgrade would break ${counted(affected.length, 'stored resource')}`, {
    details: describeBroken(breaking),
    hint: 'Change these resources first, or run kthena crds upgrade --allow-breaking, which makes a backup before.',
  });
}

/** A line for each problem of the first of the resources that upgrades break, and how many others there are. */
export function describeBroken(breaking: readonly CrdUpgrade[]): string[] {
  const affected = breaking.flatMap((upgrade) => upgrade.affected);
  const more = affected.length - NAMED;
  return [
    ...affected.slice(0, NAMED).flatMap(describeAffected),
    ...(more > 0 ? [`and ${more} more: kthena crds diff -o json names them all`] : []),
  ];
}

/**
 * A comparison needs no right to write, but one to read.
 *
 * @throws KthenaError `forbidden`
 */
export function checkReadable(upgrades: readonly CrdUpgrade[]): void {
  const details = upgrades.flatMap(({ name, unreadable }) =>
    unreadable === undefined ? [] : [aboutObject(crdRef(name), unreadable)],
  );
  if (details.length > 0) throw new KthenaError('forbidden', 'CRDs may not be read', { details });
}

/** `Kind/namespace/name: path: what`, a line for each problem. */
export function describeAffected({ ref, problems }: AffectedResource): string[] {
  return problems.map(({ path, problem, message, unchangedPart }) => {
    const lost = problem === 'dropped' ? ' (the value is dropped on the next write)' : '';
    const stays =
      unchangedPart === undefined
        ? ''
        : ` (Kubernetes 1.30 and later accept it as long as ${unchangedPart} is not changed)`;
    return `${formatRef(ref)}: ${path}: ${message}${lost}${stays}`;
  });
}

/** What of the wanted schema the stored resources were not checked against. */
export function describeUnchecked({ name, unchecked }: CrdUpgrade): string[] {
  return unchecked.map(
    ({ path, kind, text, why }) => `${name}: ${path}: resources were not checked against the ${kind} ${text}: ${why}`,
  );
}
