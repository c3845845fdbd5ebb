import type { Difference } from '../../../src/plan/difference.js';
import { differences } from '../../../src/plan/difference.js';
import { formatRef, type KubeObject, type ObjectRef } from '../../../src/kube/object.js';
import type { Footprint } from './footprint.js';

/** What `kthena diff -o json` prints, as far as it is compared. */
export interface AnnouncedPlan {
  changes: (ObjectRef & { action: string; differences?: Difference[] })[];
  crds: { name: string; action: string }[];
}

/** Counts the rollouts of a Deployment: its controller's, and so in no plan. */
const ROLLOUTS = 'metadata.annotations["deployment.kubernetes.io/revision"]';

const CRD = 'CustomResourceDefinition/';

/** Lists where what a plan announced is not what became of the cluster; empty where it is, to the field. */
export function unannounced({ changes, crds }: AnnouncedPlan, before: Footprint, after: Footprint): string[] {
  const announced = new Map(changes.map((change) => [formatRef(change), announcedOf(change)]));
  for (const { name, action } of crds) announced.set(`${CRD}${name}`, action === 'unchanged' ? action : 'change');
  const names = new Set([...announced.keys(), ...before.objects.keys(), ...after.objects.keys()]);
  return [...names].flatMap((name) => {
    if (isRecord(name)) return [];
    const said = announced.get(name) ?? 'unchanged';
    const changed = whatHappened(before.objects.get(name), after.objects.get(name));
    // The differences of CRDs are told in terms of their schemas.
    const happened = name.startsWith(CRD) && changed !== 'unchanged' ? 'change' : changed;
    return said === happened ? [] : [`${name}: announced ${said}, happened ${happened}`];
  });
}

function announcedOf({ action, differences: announced }: AnnouncedPlan['changes'][number]): string {
  return announced === undefined ? action : textOf(announced);
}

function whatHappened(before: KubeObject | undefined, after: KubeObject | undefined): string {
  if (after === undefined) return 'delete';
  if (before === undefined) return 'create';
  if (before.metadata.resourceVersion === after.metadata.resourceVersion) return 'unchanged';
  return textOf(differences(before, after));
}

function textOf(found: readonly Difference[]): string {
  const own = found.filter(({ path }) => path !== ROLLOUTS);
  return JSON.stringify([...own].sort((a, b) => (a.path < b.path ? -1 : 1)));
}

/** Where the contents of two moments differ, whatever was written in between; records of releases left out. */
export function contentDifferences(before: Footprint, after: Footprint): string[] {
  const names = new Set([...before.objects.keys(), ...after.objects.keys()]);
  return [...names].flatMap((name) => {
    const happened = isRecord(name) ? 'unchanged' : whatHappened(before.objects.get(name), after.objects.get(name));
    return happened === 'unchanged' || happened === '[]' ? [] : [`${name}: ${happened}`];
  });
}

function isRecord(name: string): boolean {
  return name.includes('/sh.helm.release.v1.');
}
