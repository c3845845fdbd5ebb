import type { KubeObject } from '../kube/object.js';
import { aboutObject, formatRef, refOf } from '../kube/object.js';
import type { Conflict, KeptField } from './conflicts.js';
import { differences, type Difference } from './difference.js';
import { describeOwner, isOwnedBy, ownerOf, type Owner } from './ownership.js';
import { predecessorsOf } from './take-over.js';

/** What the cluster holds of one desired object, and what a dry run of applying it answers. */
export interface Observation {
  desired: KubeObject;
  live: KubeObject | undefined;
  dryRun: DryRun;
}

export type DryRun =
  | Applied
  /** It cannot be tried yet: its namespace or its kind comes into being with the install. */
  | { outcome: 'not-yet'; missing: 'namespace' | 'kind' }
  | { outcome: 'refused'; message: string; details: readonly string[] };

/** The server would take it, by force where there are conflicts. */
export interface Applied {
  outcome: 'accepted';
  /** What is to be applied: the desired object, without what is left to others. */
  object: KubeObject;
  /** What the cluster would hold then. */
  result: KubeObject;
  conflicts: Conflict[];
  kept: KeptField[];
  /** Fields of others are overwritten without a question. */
  forced?: true;
}

export type Change = { object: KubeObject } & (
  | { action: 'create'; waitsFor?: 'namespace' | 'kind' }
  | ({ action: 'update' } & Modification)
  /** As update, of an object that belonged to nobody or to another release. */
  | ({ action: 'adopt'; from?: Owner } & Modification)
  | { action: 'unchanged'; kept: KeptField[] }
  /** `object` as it is in the cluster: that very one, not one of the same name made since. */
  | { action: 'delete' }
);

/** What becomes of an object that exists. */
export interface Modification {
  differences: Difference[];
  /** Fields of others that are overwritten. */
  conflicts: Conflict[];
  /** Fields that others have set and that stay so. */
  kept: KeptField[];
  /** Who installed it before: what they own becomes this tool's. */
  takesOver: string[];
  /** Fields of others are overwritten without a question; they are among the differences. */
  forced?: true;
}

export interface Plan {
  /** In the order in which they are to be made. */
  changes: Change[];
  /** Why the plan cannot be carried out; nothing may be written while there is one. */
  obstacles: Obstacle[];
}

export interface Obstacle {
  kind: 'foreign' | 'refused' | 'terminating' | 'conflict';
  /** `Kind/namespace/name: what stands in the way` */
  message: string;
  /** The other release that a foreign object belongs to. */
  owner?: Owner;
}

/** What the user allows a plan to do to objects and fields of others. */
export interface PlanPolicy {
  takeOwnership: boolean;
  forceConflicts: boolean;
}

/**
 * What applying the desired objects would change. A conflict is an obstacle, and a part of its change all the same: a plan shows both.
 *
 * @param owner the release they belong to
 */
export function makePlan(observations: readonly Observation[], owner: Owner, policy: PlanPolicy): Plan {
  const plan: Plan = { changes: [], obstacles: [] };
  for (const observation of observations) {
    const foreign = observation.live !== undefined && !isOwnedBy(observation.live, owner);
    const obstacle = obstacleOf(observation, foreign && !policy.takeOwnership);
    if (obstacle !== undefined) {
      plan.obstacles.push(obstacle);
      continue;
    }
    const change = changeOf(observation, foreign);
    plan.changes.push(change);
    if (change.action === 'update' && !policy.forceConflicts) plan.obstacles.push(...conflictsOf(change));
  }
  return plan;
}

function obstacleOf({ desired, live, dryRun }: Observation, foreign: boolean): Obstacle | undefined {
  const name = formatRef(refOf(desired));
  if (live?.metadata.deletionTimestamp !== undefined)
    return { kind: 'terminating', message: `${name}: is being deleted` };
  if (live !== undefined && foreign) {
    return { kind: 'foreign', message: `${name}: ${describeOwner(live)}`, ...ofOwner('owner', live) };
  }
  if (dryRun.outcome !== 'refused') return undefined;
  return { kind: 'refused', message: [aboutObject(refOf(desired), dryRun.message), ...dryRun.details].join('\n') };
}

function changeOf({ desired, live, dryRun }: Observation, foreign: boolean): Change {
  if (dryRun.outcome === 'not-yet') return { action: 'create', object: desired, waitsFor: dryRun.missing };
  if (live === undefined || dryRun.outcome === 'refused') return { action: 'create', object: desired };
  const { object, result, conflicts, kept, forced } = dryRun;
  const modification: Modification = {
    differences: differences(live, result),
    conflicts,
    kept,
    takesOver: predecessorsOf(live),
    ...(forced === undefined ? {} : { forced }),
  };
  if (foreign) return { action: 'adopt', object, ...modification, ...ofOwner('from', live) };
  const isSame = modification.differences.length === 0 && modification.takesOver.length === 0;
  return isSame ? { action: 'unchanged', object, kept } : { action: 'update', object, ...modification };
}

function conflictsOf({ object, conflicts }: { object: KubeObject } & Modification): Obstacle[] {
  return conflicts.map(({ path, manager, before, after }) => {
    const values = `${JSON.stringify(before) ?? 'nothing'} would become ${JSON.stringify(after) ?? 'nothing'}`;
    return { kind: 'conflict', message: `${formatRef(refOf(object))}: ${path} belongs to ${manager}: ${values}` };
  });
}

function ofOwner<K extends string>(key: K, object: KubeObject): Partial<Record<K, Owner>> {
  const owner = ownerOf(object);
  return (owner === undefined ? {} : { [key]: owner }) as Partial<Record<K, Owner>>;
}
