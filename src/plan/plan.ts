import type { KubeObject } from '../kube/object.js';
import { aboutObject, formatRef, refOf } from '../kube/object.js';
import type { Difference } from './difference.js';
import { differences } from './difference.js';
import { describeOwner, isOwnedBy, ownerOf, type Owner } from './ownership.js';

/** What the cluster holds of one desired object, and what a dry run of applying it answers. */
export interface Observation {
  desired: KubeObject;
  live: KubeObject | undefined;
  dryRun: DryRun;
}

export type DryRun =
  /** `force`: fields are taken over from a manager whose place this tool takes. */
  | { outcome: 'accepted'; object: KubeObject; force: boolean }
  /** It cannot be tried yet: its namespace or its kind comes into being with the install. */
  | { outcome: 'not-yet'; missing: 'namespace' | 'kind' }
  | { outcome: 'refused'; message: string; details: readonly string[] };

export type Change = { object: KubeObject } & (
  | { action: 'create'; waitsFor?: 'namespace' | 'kind' }
  | { action: 'update'; differences: Difference[]; force: boolean }
  | { action: 'unchanged' }
  /** As update, of an object that belonged to nobody or to another release. */
  | { action: 'adopt'; differences: Difference[]; force: boolean; from?: Owner }
);

export interface Plan {
  /** In the order in which they are to be made. */
  changes: Change[];
  /** Why the plan cannot be carried out; nothing may be written while there is one. */
  obstacles: Obstacle[];
}

export interface Obstacle {
  kind: 'foreign' | 'refused' | 'terminating';
  /** `Kind/namespace/name: what stands in the way` */
  message: string;
  /** The other release that a foreign object belongs to. */
  owner?: Owner;
}

/**
 * What applying the desired objects would change.
 *
 * @param owner the release they belong to
 * @param takeOwnership adopt objects of others instead of refusing
 */
export function makePlan(observations: readonly Observation[], owner: Owner, takeOwnership: boolean): Plan {
  const plan: Plan = { changes: [], obstacles: [] };
  for (const observation of observations) {
    const foreign = observation.live !== undefined && !isOwnedBy(observation.live, owner);
    const obstacle = obstacleOf(observation, foreign && !takeOwnership);
    if (obstacle === undefined) plan.changes.push(changeOf(observation, foreign));
    else plan.obstacles.push(obstacle);
  }
  return plan;
}

export function hasChanges(plan: Plan): boolean {
  return plan.changes.some((change) => change.action !== 'unchanged');
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

function changeOf({ desired: object, live, dryRun }: Observation, foreign: boolean): Change {
  if (dryRun.outcome === 'not-yet') return { action: 'create', object, waitsFor: dryRun.missing };
  if (live === undefined || dryRun.outcome === 'refused') return { action: 'create', object };
  const found = differences(live, dryRun.object);
  const { force } = dryRun;
  if (foreign) return { action: 'adopt', object, differences: found, force: true, ...ofOwner('from', live) };
  return found.length === 0 ? { action: 'unchanged', object } : { action: 'update', object, differences: found, force };
}

function ofOwner<K extends string>(key: K, object: KubeObject): Partial<Record<K, Owner>> {
  const owner = ownerOf(object);
  return (owner === undefined ? {} : { [key]: owner }) as Partial<Record<K, Owner>>;
}
