import type { KubeClient, ListQuery } from '../kube/client.js';
import { keyOf, type KubeObject, type ObjectRef } from '../kube/object.js';

/** One watch: what to ask the server for, and which of the answers count, by name. */
export interface WatchTarget {
  query: ListQuery;
  refs: ReadonlyMap<string, ObjectRef>;
}

/**
 * The watches that cover the refs: one for each kind and namespace, limited to the name where there is only one.
 * Cluster-scoped objects get a watch each: a cluster may hold hundreds of CRDs, megabytes of them, of which a few are
 * ours.
 */
export function watchTargets(refs: readonly ObjectRef[]): WatchTarget[] {
  const groups = new Map<string, ObjectRef[]>();
  for (const ref of refs) {
    const { apiVersion, kind, namespace } = ref;
    const key = namespace === undefined ? keyOf(ref) : `${apiVersion} ${kind} ${namespace}`;
    groups.set(key, [...(groups.get(key) ?? []), ref]);
  }
  return [...groups.values()].map((group) => ({
    query: queryFor(group),
    refs: new Map(group.map((ref) => [ref.name, ref])),
  }));
}

/**
 * Tells the present form of the target's objects, undefined for one that was deleted, until the signal aborts.
 * An object that does not exist at the start is not told. Throws what the client throws, such as `forbidden`.
 */
export async function watchTarget(
  client: KubeClient,
  target: WatchTarget,
  signal: AbortSignal,
  onObject: (ref: ObjectRef, object: KubeObject | undefined) => void,
): Promise<void> {
  for await (const { type, object } of client.watch(target.query, signal)) {
    if (signal.aborted) return;
    const ref = target.refs.get(object.metadata.name);
    if (ref !== undefined) onObject(ref, type === 'DELETED' ? undefined : object);
  }
}

function queryFor(group: readonly ObjectRef[]): ListQuery {
  const [first] = group as [ObjectRef];
  const { apiVersion, kind, namespace, name } = first;
  return {
    apiVersion,
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    ...(group.length === 1 ? { fieldSelector: `metadata.name=${name}` } : {}),
  };
}
