import { setTimeout as sleep } from 'node:timers/promises';
import { formatRef, refOf, type KubeObject } from '../../../src/kube/object.js';
import type { Cluster } from '../../cluster/index.mjs';

/** Every kind that a release could have objects of. */
const KINDS = [
  '/api/v1/namespaces',
  '/api/v1/serviceaccounts',
  '/api/v1/secrets',
  '/api/v1/configmaps',
  '/api/v1/services',
  '/apis/apps/v1/deployments',
  '/apis/policy/v1/poddisruptionbudgets',
  '/apis/rbac.authorization.k8s.io/v1/roles',
  '/apis/rbac.authorization.k8s.io/v1/rolebindings',
  '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
  '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
  '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
];

/** The cluster-scoped ones that a release of Kthena has objects of. */
const CLUSTER_SCOPED = KINDS.slice(-4);

interface CrdSpec {
  group: string;
  names: { plural: string };
  versions: { name: string }[];
}

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/**
 * Every object an install could write or has written, by `Kind/namespace/name`; those of the cluster itself left out.
 *
 * @param others paths of more kinds
 */
export function objectsIn(cluster: Cluster, others: readonly string[] = []): Promise<Map<string, KubeObject>> {
  return listAll(cluster, [...KINDS, CRDS, ...others]);
}

/** Secrets that are made beside the objects of a release, in the certificate mode `auto`. */
export const CERTIFICATE_SECRETS = ['kthena-controller-manager-webhook-certs', 'kthena-router-webhook-certs'];

/** The objects that bear the marks of a release, but for its certificates: of these each install makes its own. */
export async function objectsOfRelease(
  cluster: Cluster,
  release: string,
  namespace: string,
): Promise<Map<string, KubeObject>> {
  const isMarked = ({ metadata: { annotations } }: KubeObject): boolean =>
    annotations?.['meta.helm.sh/release-name'] === release &&
    annotations['meta.helm.sh/release-namespace'] === namespace;
  const isCertificate = ({ metadata: { name } }: KubeObject): boolean => CERTIFICATE_SECRETS.includes(name);
  const isMeant = (object: KubeObject): boolean => isMarked(object) && !isCertificate(object);
  return new Map([...(await listAll(cluster, KINDS))].filter(([, object]) => isMeant(object)));
}

/**
 * The resourceVersion of every object: two equal answers mean that nothing was written in between. What is being deleted
 * is just said to be so, since its controllers write to it again and again.
 */
export async function versionsIn(cluster: Cluster): Promise<Record<string, string | undefined>> {
  const objects = await objectsIn(cluster);
  const versionOf = ({ metadata }: KubeObject): string | undefined =>
    metadata.deletionTimestamp === undefined ? metadata.resourceVersion : 'being deleted';
  return Object.fromEntries([...objects].map(([name, object]) => [name, versionOf(object)]));
}

/** As `versionsIn`, once the controllers have no more to write. */
export async function settledVersionsIn(cluster: Cluster): Promise<Record<string, string | undefined>> {
  for (let last = '', end = Date.now() + 10_000; Date.now() < end;) {
    const versions = await versionsIn(cluster);
    const text = JSON.stringify(versions);
    if (text === last) return versions;
    last = text;
    await sleep(150);
  }
  throw new Error('the cluster has not come to rest within 10 s');
}

export async function crdNames(cluster: Cluster): Promise<string[]> {
  return (await list(cluster, CRDS)).map(({ metadata }) => metadata.name).sort();
}

/** An object by its path of the API; undefined where it does not exist. */
export async function get(cluster: Cluster, path: string): Promise<KubeObject | undefined> {
  const { status, body } = await cluster.request('GET', path);
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
  return body as KubeObject;
}

/** Waits until the condition gives something. */
export async function eventually<T>(
  what: string,
  read: () => Promise<T | undefined> | T | undefined,
  intervalMs = 5,
): Promise<T> {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(intervalMs)) {
    const value = await read();
    if (value !== undefined) return value;
  }
  throw new Error(`not within 30 s: ${what}`);
}

/** Deletes what a release has outside namespaces, so that the next test can install into a namespace of its own. */
export async function clearReleases(cluster: Cluster): Promise<void> {
  for (const path of CLUSTER_SCOPED) {
    const objects = (await list(cluster, path)).filter(({ metadata }) => metadata.name.startsWith('kthena-'));
    await Promise.all(objects.map(({ metadata }) => cluster.request('DELETE', `${path}/${metadata.name}`)));
  }
}

/** Deletes Kthena's CRDs, which takes some seconds. Webhook configurations must be gone: they would refuse it. */
export async function deleteCrds(cluster: Cluster): Promise<void> {
  const crds = await list(cluster, CRDS);
  // Before it deletes a CRD the API server lists its resources; where that is the first to use the storage of the kind,
  // it fails ("storage is (re)initializing") and is tried again only after a long time.
  for (const { spec } of crds as (KubeObject & { spec: CrdSpec })[]) {
    const path = `/apis/${spec.group}/${spec.versions[0]!.name}/${spec.names.plural}`;
    await eventually(`${path} can be listed`, async () =>
      (await get(cluster, path)) === undefined ? undefined : true,
    );
  }
  await Promise.all(crds.map(({ metadata }) => cluster.request('DELETE', `${CRDS}/${metadata.name}`)));
  const gone = async (): Promise<true | undefined> => ((await crdNames(cluster)).length === 0 ? true : undefined);
  await eventually('the CRDs are gone', gone, 100);
}

/** Creates an object without the delay of starting kubectl. */
export async function create(cluster: Cluster, path: string, object: object): Promise<void> {
  const { status, body } = await cluster.request('POST', path, object);
  if (status !== 201) throw new Error(`POST ${path}: ${status} ${JSON.stringify(body)}`);
}

async function listAll(cluster: Cluster, paths: readonly string[]): Promise<Map<string, KubeObject>> {
  const objects = (await Promise.all(paths.map((path) => list(cluster, path)))).flat().filter(isOfUsers);
  return new Map(objects.map((object) => [formatRef(refOf(object)), object]));
}

async function list(cluster: Cluster, path: string): Promise<KubeObject[]> {
  const { status, body } = await cluster.request('GET', path);
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
  const { apiVersion, kind, items } = body as { apiVersion: string; kind: string; items: KubeObject[] };
  // The items of a list do not say what they are.
  return items.map((item) => ({ ...item, apiVersion, kind: kind.replace(/List$/, '') }));
}

/** What the control plane makes for itself comes and goes at any time. */
function isOfUsers({ kind, metadata: { name, namespace } }: KubeObject): boolean {
  const automatic = ['ConfigMap/kube-root-ca.crt', 'ServiceAccount/default'].includes(`${kind}/${name}`);
  return (
    !automatic && !name.startsWith('system:') && !(kind === 'Namespace' ? name : (namespace ?? '')).startsWith('kube-')
  );
}
