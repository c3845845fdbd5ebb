import { ApiError, type FieldConflict } from '../kube/api-error.js';
import type { ApplyOptions, KubeClient } from '../kube/client.js';
import { refOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import { differences } from '../plan/difference.js';
import type { Change } from '../plan/plan.js';
import { tryGet } from '../plan/observe.js';
import { PREDECESSORS, predecessorsOf, takeOver } from '../plan/take-over.js';
import { ratingOf, type CrdChange } from './compare/change.js';
import { compareCrds } from './compare/compare.js';
import { crdRef, resourceQuery, storageVersion } from './crd.js';
import { isDowngrade } from './direction.js';
import { createResourceCheck } from './stored/check.js';
import type { ResourceProblem, Unchecked } from './stored/problem.js';

export interface AffectedResource {
  ref: ObjectRef;
  problems: ResourceProblem[];
}

/** What becoming the wanted CRD means for one in the cluster. */
export interface CrdUpgrade {
  name: string;
  wanted: KubeObject;
  /** Undefined where the cluster has no such CRD. */
  installed: KubeObject | undefined;
  action: 'create' | 'upgrade' | 'downgrade' | 'unchanged';
  /** Of the schema and all else but descriptions. */
  changes: CrdChange[];
  /** Stored resources that the wanted schema would refuse, or take a field from. */
  affected: AffectedResource[];
  /** Rules of the wanted schema that only the server can check. */
  unchecked: readonly Unchecked[];
  /** Fields that would change and belong to others, as `manager: field`. */
  conflicts: string[];
  /** Why the server does not let this user write it. */
  refusal?: string;
  /** Why it does not even let this user read it. */
  unreadable?: string;
  terminating: boolean;
}

export interface UpgradePlanRequest {
  fieldManager: string;
  forceConflicts: boolean;
}

/** Compares, and where something could break reads every stored resource to find out whom it hits. Writes nothing. */
export async function planUpgrades(
  client: KubeClient,
  wanted: readonly KubeObject[],
  request: UpgradePlanRequest,
): Promise<CrdUpgrade[]> {
  return Promise.all(wanted.map((crd) => planUpgrade(client, crd, request)));
}

async function planUpgrade(client: KubeClient, wanted: KubeObject, request: UpgradePlanRequest): Promise<CrdUpgrade> {
  const { name } = wanted.metadata;
  const [installed, trial] = await Promise.all([tryGet(client, crdRef(name)), tryApply(client, wanted, request)]);
  const upgrade: CrdUpgrade = {
    name,
    wanted,
    installed: undefined,
    action: 'create',
    changes: [],
    affected: [],
    unchecked: [],
    conflicts: trial.conflicts,
    terminating: false,
    ...(trial.refusal === undefined ? {} : { refusal: trial.refusal }),
  };
  if (installed instanceof ApiError) return { ...upgrade, refusal: installed.message, unreadable: installed.message };
  if (installed === undefined) return upgrade;
  if (installed.metadata.deletionTimestamp !== undefined) return { ...upgrade, installed, terminating: true };
  const changes = compareCrds(installed, wanted);
  // The schema may differ and yet nothing would change: what others own of it stays.
  const isUnchanged =
    trial.result !== undefined &&
    differences(installed, trial.result).length === 0 &&
    takeOver(installed, request.fieldManager) === undefined;
  if (isUnchanged) return { ...upgrade, installed, action: 'unchanged' };
  const action = changes.length > 0 && isDowngrade(installed, wanted, request.fieldManager) ? 'downgrade' : 'upgrade';
  return { ...upgrade, installed, action, changes, ...(await whoIsHit(client, installed, wanted, changes)) };
}

interface Trial {
  result?: KubeObject;
  conflicts: string[];
  refusal?: string;
}

/** Lets the server try the apply. Conflicts with predecessors are none: their fields are taken over first. */
async function tryApply(client: KubeClient, wanted: KubeObject, request: UpgradePlanRequest): Promise<Trial> {
  const { fieldManager } = request;
  const options = { fieldManager, force: request.forceConflicts, dryRun: true };
  const trial = await tryOnce(client, wanted, options);
  if (!('conflicts' in trial)) return { ...trial, conflicts: [] };
  const others = trial.conflicts.filter(({ manager }) => !PREDECESSORS.has(manager));
  const forced = await tryOnce(client, wanted, { ...options, force: true });
  return { ...forced, conflicts: others.map(({ manager, field }) => `${manager}: ${field}`) };
}

async function tryOnce(
  client: KubeClient,
  wanted: KubeObject,
  options: ApplyOptions,
): Promise<{ result: KubeObject } | { refusal: string } | { conflicts: readonly FieldConflict[] }> {
  try {
    return { result: await client.apply(wanted, options) };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'unauthorized') throw error;
    if (error.conflicts.length > 0) return { conflicts: error.conflicts };
    return { refusal: [error.message, ...error.details].join('\n') };
  }
}

async function whoIsHit(
  client: KubeClient,
  installed: KubeObject,
  wanted: KubeObject,
  changes: readonly CrdChange[],
): Promise<Pick<CrdUpgrade, 'affected' | 'unchecked'>> {
  if (ratingOf(changes) === 'safe') return { affected: [], unchecked: [] };
  const check = await createResourceCheck(wanted, storageVersion(wanted));
  const affected: AffectedResource[] = [];
  for await (const resource of client.list(resourceQuery(installed))) {
    const problems = check(resource);
    if (problems.length > 0) affected.push({ ref: refOf(resource), problems });
  }
  return { affected, unchecked: check.unchecked };
}

/** An upgrade as a change of a plan. */
export function crdChange({ wanted: object, installed, action, changes }: CrdUpgrade): Change {
  if (installed === undefined) return { action: 'create', object };
  if (action === 'unchanged') return { action: 'unchanged', object, kept: [] };
  const found = changes.map(({ path, before, after }) => ({ path, before, after }));
  return {
    action: 'update',
    object,
    differences: found,
    conflicts: [],
    kept: [],
    takesOver: predecessorsOf(installed),
  };
}
