import { setTimeout as sleep } from 'node:timers/promises';
import { formatRef, refOf, type KubeObject } from '../../../src/kube/object.js';
import type { Cluster } from '../../cluster/index.mjs';
import { NETWORKING, WORKLOAD } from '../../fixtures/crds/history.js';

export const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

interface CrdSpec {
  group: string;
  names: { kind: string; plural: string; categories?: string[] };
  versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
}

/** As much of a schema as the tests change. */
export interface Schema {
  properties?: Record<string, Schema>;
  enum?: unknown[];
  [keyword: string]: unknown;
}

export function specOf(crd: KubeObject): CrdSpec {
  return crd['spec'] as CrdSpec;
}

export function schemaOf(crd: KubeObject): Schema {
  return specOf(crd).versions[0]!.schema.openAPIV3Schema;
}

export function nameOf(crd: KubeObject): string {
  return crd.metadata.name;
}

/** `Kind/namespace/name`, as the program names it. */
export function labelOf(object: KubeObject): string {
  return formatRef(refOf(object));
}

/** CRDs of Kthena's groups, as they are. */
export async function liveCrds(cluster: Cluster): Promise<KubeObject[]> {
  const items = await list(cluster, CRDS);
  return items.filter((crd) => [NETWORKING, WORKLOAD].includes(specOf(crd).group));
}

export async function liveCrd(cluster: Cluster, name: string): Promise<KubeObject> {
  return mustGet(cluster, `${CRDS}/${name}`);
}

/** As `manager operation`, and the subresource where it is of one. */
export function managersOf(crd: KubeObject): string[] {
  return (crd.metadata.managedFields ?? []).map(
    ({ manager, operation, subresource }) =>
      `${manager} ${operation}${subresource === undefined ? '' : ` ${subresource}`}`,
  );
}

/** Custom resources of Kthena's groups, by `Kind/namespace/name`. */
export async function liveResources(cluster: Cluster): Promise<Map<string, KubeObject>> {
  const crds = await liveCrds(cluster);
  const lists = await Promise.all(
    crds.map(async (crd) => {
      const { kind } = specOf(crd).names;
      const items = await list(cluster, collectionOf(crd));
      return items.map((item) => ({ ...item, kind }));
    }),
  );
  return new Map(lists.flat().map((resource) => [labelOf(resource), resource]));
}

/** The resourceVersion of every CRD and custom resource: two equal answers mean that nothing was written in between. */
export async function versionsIn(cluster: Cluster): Promise<Record<string, string | undefined>> {
  const objects = [...(await liveCrds(cluster)), ...(await liveResources(cluster)).values()];
  return Object.fromEntries(
    objects.map(({ metadata }) => [
      `${metadata.namespace ?? ''}/${metadata.name}/${metadata.uid}`,
      metadata.resourceVersion,
    ]),
  );
}

/** Makes these CRDs the only ones of Kthena, new and without resources, served and at rest. */
export async function resetCrds(cluster: Cluster, crds: readonly KubeObject[], fieldManager = 'helm'): Promise<void> {
  await clearCrds(cluster);
  await createCrds(cluster, crds, fieldManager);
}

/** @param fieldManager `helm`, with an Update as this is, is what Helm 3 leaves behind */
export async function createCrds(cluster: Cluster, crds: readonly KubeObject[], fieldManager = 'helm'): Promise<void> {
  for (const crd of crds) await must(cluster, 'POST', `${CRDS}?fieldManager=${fieldManager}`, crd);
  await served(cluster, crds);
}

/** Waits until the server answers for these kinds and its controllers have no more to write to the CRDs. */
export async function served(cluster: Cluster, crds: readonly KubeObject[]): Promise<void> {
  for (const crd of crds) {
    await eventually(`${crd.metadata.name} is served`, async () => {
      const { status } = await cluster.request('GET', collectionOf(crd));
      return status === 200 ? true : undefined;
    });
  }
  let last = '';
  await eventually('the CRDs are at rest', async () => {
    const live = await liveCrds(cluster);
    const text = live.map(({ metadata }) => metadata.resourceVersion).join();
    const isAtRest = live.every(isEstablished) && text === last;
    last = text;
    return isAtRest ? true : undefined;
  });
}

function isEstablished(crd: KubeObject): boolean {
  const { conditions = [] } = (crd['status'] ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.some(({ type, status }) => type === 'Established' && status === 'True');
}

/** Deletes all CRDs of Kthena with their resources, whatever holds them. */
export async function clearCrds(cluster: Cluster): Promise<void> {
  for (const [, resource] of await liveResources(cluster)) {
    if ((resource.metadata.finalizers ?? []).length > 0)
      await cluster.request('PATCH', pathOf(resource), { metadata: { finalizers: null } });
  }
  const crds = await liveCrds(cluster);
  await Promise.all(crds.map((crd) => cluster.request('DELETE', `${CRDS}/${crd.metadata.name}`)));
  const gone = async (): Promise<true | undefined> => ((await liveCrds(cluster)).length === 0 ? true : undefined);
  await eventually('the CRDs are gone', gone, 50);
}

/** Stores resources; the server may not have taken up their CRD everywhere yet. */
export async function createResources(cluster: Cluster, resources: readonly KubeObject[]): Promise<KubeObject[]> {
  return Promise.all(
    resources.map((resource) =>
      eventually(`${labelOf(resource)} is accepted`, async () => {
        const { status, body } = await request(cluster, 'POST', collectionPathOf(resource), resource);
        if (status === 404) return undefined;
        if (status !== 201) throw new Error(`${labelOf(resource)}: ${status} ${JSON.stringify(body)}`);
        return body;
      }),
    ),
  );
}

/** As a person does it who edits a resource: reads it, changes it, writes it back whole. Gives the HTTP status. */
export async function edit(
  cluster: Cluster,
  resource: KubeObject,
  change: (live: KubeObject) => void,
): Promise<number> {
  const live = await mustGet(cluster, pathOf(resource));
  change(live);
  return (await request(cluster, 'PUT', `${pathOf(resource)}?dryRun=All`, live)).status;
}

export function pathOf(resource: KubeObject): string {
  return `${collectionPathOf(resource)}/${resource.metadata.name}`;
}

export function collectionPathOf({ apiVersion, kind, metadata }: KubeObject): string {
  const plural = `${kind.toLowerCase()}s`.replace(/ys$/, 'ies');
  return `/apis/${apiVersion}/namespaces/${metadata.namespace}/${plural}`;
}

function collectionOf(crd: KubeObject): string {
  const { group, names, versions } = specOf(crd);
  return `/apis/${group}/${versions[0]!.name}/${names.plural}`;
}

/** Waits until the condition gives something. */
export async function eventually<T>(what: string, read: () => Promise<T | undefined>, intervalMs = 20): Promise<T> {
  for (const end = Date.now() + 15_000; Date.now() < end; await sleep(intervalMs)) {
    const value = await read();
    if (value !== undefined) return value;
  }
  throw new Error(`not within 15 s: ${what}`);
}

/** One request; sent again while the server says that it is taking up a changed CRD. */
export async function request(cluster: Cluster, method: string, path: string, body?: unknown): Promise<Answer> {
  return eventually(`${method} ${path} is answered`, async () => {
    const answer = (await cluster.request(method, path, body)) as Answer;
    return answer.status === 429 ? undefined : answer;
  });
}

export interface Answer {
  status: number;
  body: KubeObject;
}

/** One request that has to succeed. */
export async function must(cluster: Cluster, method: string, path: string, body?: unknown): Promise<KubeObject> {
  const answer = await request(cluster, method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

function mustGet(cluster: Cluster, path: string): Promise<KubeObject> {
  return must(cluster, 'GET', path);
}

async function list(cluster: Cluster, path: string): Promise<KubeObject[]> {
  const { status, body } = await request(cluster, 'GET', path);
  if (status === 404) return []; // the CRD is on its way in or out
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
  return (body['items'] as KubeObject[]).map((item) => ({ ...item }));
}
