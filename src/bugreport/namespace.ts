import type { KubeObject } from '../kube/object.js';
import { labelSelectorOf } from '../wait/selector.js';
import { pathSegment } from './archive.js';
import { maskDeep, maskObject } from './mask.js';
import { readAll, readOne } from './read.js';
import { yamlFile, type ReportFile, type Scope } from './report-file.js';

const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** What belongs to the pods of the release, by its selectors; by the release's label where its objects are not known. */
const OF_PODS = [
  { apiVersion: 'v1', kind: 'Pod', folder: 'pods' },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet', folder: 'replicasets' },
];

/** Where nothing is known of the release's objects, what bears its label stands in for them. */
const UNRECORDED = [
  { apiVersion: 'apps/v1', kind: 'Deployment', folder: 'deployments' },
  { apiVersion: 'v1', kind: 'Service', folder: 'services' },
  { apiVersion: 'v1', kind: 'ConfigMap', folder: 'configmaps' },
];

/** What bounds and explains the pods of a namespace. */
const OF_NAMESPACE = [
  { apiVersion: 'v1', kind: 'ResourceQuota', folder: 'resourcequotas' },
  { apiVersion: 'v1', kind: 'LimitRange', folder: 'limitranges' },
  { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', folder: 'endpointslices' },
];

/** The namespaces of the release's objects, its own first. */
export function namespacesOf(recorded: readonly KubeObject[], own: string): string[] {
  const others = recorded.flatMap(({ metadata }) => (metadata.namespace === undefined ? [] : [metadata.namespace]));
  return [own, ...[...new Set(others)].filter((name) => name !== own).sort()];
}

/** @returns the pods */
export async function* namespaceFiles(
  namespace: string,
  recorded: readonly KubeObject[],
  scope: Scope,
): AsyncGenerator<ReportFile, KubeObject[]> {
  const folder = `namespaces/${namespace}`;
  const found = await readOne(scope, { apiVersion: 'v1', kind: 'Namespace', name: namespace });
  if (found === 'missing') {
    scope.unread.add(`Namespace/${namespace}`, 'it does not exist');
    return [];
  }
  if (found !== undefined) yield yamlFile(`${folder}/namespace.yaml`, maskObject(found));
  const pods: KubeObject[] = [];
  const selectors = selectorsFor(namespace, recorded, scope);
  for (const { apiVersion, kind, folder: name } of recorded.length === 0 ? [...OF_PODS, ...UNRECORDED] : OF_PODS) {
    const objects = await selected(scope, { apiVersion, kind, namespace }, selectors);
    if (kind === 'Pod') pods.push(...objects);
    yield* files(`${folder}/${name}`, objects);
  }
  for (const { apiVersion, kind, folder: name } of OF_NAMESPACE) {
    const objects = await readAll(scope, `${kind} in ${namespace}`, { apiVersion, kind, namespace });
    yield* files(`${folder}/${name}`, objects ?? []);
  }
  const events = await readAll(scope, `events in ${namespace}`, { apiVersion: 'v1', kind: 'Event', namespace });
  if (events !== undefined) yield yamlFile(`${folder}/events.yaml`, events.sort(byTime).map(describeEvent));
  return pods;
}

function selectorsFor(namespace: string, recorded: readonly KubeObject[], { release }: Scope): string[] {
  const workloads = recorded.filter(({ kind, metadata }) => WORKLOADS.has(kind) && metadata.namespace === namespace);
  if (recorded.length === 0) return [`app.kubernetes.io/instance=${release.name}`];
  return [...new Set(workloads.map(labelSelectorOf))].filter((selector) => selector !== '');
}

async function selected(
  scope: Scope,
  query: { apiVersion: string; kind: string; namespace: string },
  selectors: readonly string[],
): Promise<KubeObject[]> {
  const byName = new Map<string, KubeObject>();
  for (const labelSelector of selectors) {
    const objects = await readAll(scope, `${query.kind}s in ${query.namespace}`, { ...query, labelSelector });
    // Who may not list them once may not list them at all.
    if (objects === undefined) break;
    for (const object of objects) byName.set(object.metadata.name, object);
  }
  return [...byName.keys()].sort().map((name) => byName.get(name)!);
}

function* files(folder: string, objects: readonly KubeObject[]): Generator<ReportFile> {
  for (const object of objects)
    yield yamlFile(`${folder}/${pathSegment(object.metadata.name)}.yaml`, maskObject(object));
}

interface EventFields {
  type?: string;
  reason?: string;
  message?: string;
  note?: string;
  count?: number;
  involvedObject?: { kind?: string; name?: string };
  source?: { component?: string };
  reportingComponent?: string;
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
}

function describeEvent(event: KubeObject): unknown {
  const { type, reason, message, count, involvedObject, source, reportingComponent } = event as EventFields;
  return maskDeep({
    last: lastTime(event),
    first: (event as EventFields).firstTimestamp ?? null,
    count: count ?? 1,
    type: type ?? '',
    object: `${involvedObject?.kind}/${involvedObject?.name}`,
    reason: reason ?? '',
    message: message ?? '',
    from: source?.component ?? reportingComponent ?? '',
  });
}

function lastTime(event: KubeObject): string {
  const { lastTimestamp, eventTime, firstTimestamp } = event as EventFields;
  return lastTimestamp ?? eventTime ?? firstTimestamp ?? event.metadata.creationTimestamp ?? '';
}

function byTime(a: KubeObject, b: KubeObject): number {
  return `${lastTime(a)} ${a.metadata.name}`.localeCompare(`${lastTime(b)} ${b.metadata.name}`, 'en');
}
