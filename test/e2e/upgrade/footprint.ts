import { formatRef, refOf, type KubeObject } from '../../../src/kube/object.js';
import type { Cluster } from '../../cluster/index.mjs';
import { eventually, get, objectsIn } from '../install/cluster-state.js';

/** All that an installation consists of at one moment, records of releases included. */
export interface Footprint {
  /** By `Kind/namespace/name`. */
  objects: Map<string, KubeObject>;
  /** The pods, by the names of the Deployments they belong to. */
  pods: Record<string, string[]>;
}

/** Reads an installation once its Deployments are rolled out and nothing is written any more. */
export async function footprint(cluster: Cluster, namespace: string): Promise<Footprint> {
  let last = '';
  return eventually(
    'the cluster is at rest',
    async () => {
      const [objects, pods] = await Promise.all([objectsIn(cluster), podsIn(cluster, namespace)]);
      const text = JSON.stringify([[...objects.values()].map(({ metadata }) => metadata.resourceVersion), pods]);
      const isAtRest = text === last && [...objects.values()].every(isRolledOut);
      last = text;
      return isAtRest ? { objects, pods } : undefined;
    },
    200,
  );
}

async function podsIn(cluster: Cluster, namespace: string): Promise<Record<string, string[]>> {
  const { items } = (await get(cluster, `/api/v1/namespaces/${namespace}/pods`)) as unknown as { items: KubeObject[] };
  const pods: Record<string, string[]> = {};
  for (const { metadata } of items) {
    // Pods on their way out take as long as their grace period says.
    if (metadata.deletionTimestamp !== undefined) continue;
    const owner = metadata.name.replace(/-[^-]+-[^-]+$/, '');
    pods[owner] = [...(pods[owner] ?? []), metadata.name].sort();
  }
  return pods;
}

interface Rollout {
  observedGeneration?: number;
  updatedReplicas?: number;
  replicas?: number;
  availableReplicas?: number;
}

function isRolledOut({ kind, metadata, ...object }: KubeObject): boolean {
  if (kind !== 'Deployment') return true;
  const { replicas: wanted } = object['spec'] as { replicas: number };
  const { observedGeneration, updatedReplicas, replicas, availableReplicas } = (object['status'] ?? {}) as Rollout;
  const counts = [updatedReplicas ?? 0, replicas ?? 0, availableReplicas ?? 0];
  return observedGeneration === metadata.generation && counts.every((count) => count === wanted);
}

/** The UIDs of these objects, which show whether one was deleted and made anew. */
export function uidsOf({ objects }: Footprint, names: Iterable<string>): Record<string, string | undefined> {
  return Object.fromEntries([...names].map((name) => [name, objects.get(name)?.metadata.uid]));
}

/** The resourceVersion of every object: equal ones mean that nothing was written. */
export function versionsOf({ objects }: Footprint): Record<string, string | undefined> {
  return Object.fromEntries([...objects].map(([name, { metadata }]) => [name, metadata.resourceVersion]));
}

export function generationOf({ objects }: Footprint, name: string): number | undefined {
  return objects.get(name)?.metadata.generation;
}

/** The objects that carry the marks of a release, and the CRDs, without records. */
export function partsOf({ objects }: Footprint): KubeObject[] {
  return [...objects.values()].filter(
    ({ kind, metadata }) =>
      kind === 'CustomResourceDefinition' || metadata.annotations?.['meta.helm.sh/release-name'] !== undefined,
  );
}

/** Controllers write what is theirs whoever installed an object. */
const CONTROLLERS = new Set(['kube-controller-manager', 'kube-apiserver']);

/** Who owns fields of an object as a whole, as `manager operation`: controllers and subresources left out. */
export function managersOf({ metadata }: KubeObject): string[] {
  const entries = (metadata.managedFields ?? []).filter(
    ({ manager, subresource }) => subresource === undefined && !CONTROLLERS.has(manager),
  );
  return entries.map(({ manager, operation }) => `${manager} ${operation}`).sort();
}

/** The objects whose managers are others than these, with them: empty where all is well. */
export function otherManagers(objects: readonly KubeObject[], wanted: readonly string[]): Record<string, string[]> {
  const found = objects.map((object) => [formatRef(refOf(object)), managersOf(object)] as const);
  return Object.fromEntries(found.filter(([, managers]) => managers.some((name) => !wanted.includes(name))));
}

/** `Kind/namespace/name`. */
export function nameOf(object: KubeObject): string {
  return formatRef(refOf(object));
}

export function withoutCrds({ objects, pods }: Footprint): Footprint {
  return { objects: new Map([...objects].filter(([name]) => !name.startsWith('CustomResourceDefinition/'))), pods };
}
