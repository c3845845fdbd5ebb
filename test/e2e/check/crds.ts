import type { Cluster } from '../../cluster/index.mjs';
import { eventually } from '../install/cluster-state.js';

export interface CrdParts {
  group: string;
  kind: string;
  plural: string;
  scope?: 'Namespaced' | 'Cluster';
  version?: string;
  annotations?: Record<string, string>;
}

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const ANYTHING = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** A CRD of another project, without what its schema says; one of the same name is replaced. Resolves once its kind is served. */
export async function provideCrd(cluster: Cluster, parts: CrdParts): Promise<void> {
  const { group, kind, plural, scope = 'Namespaced', version = 'v1', annotations = {} } = parts;
  await removeCrd(cluster, `${plural}.${group}`);
  const { status, body } = await cluster.request('POST', CRDS, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      // The API server wants it for every group of Kubernetes itself.
      annotations: { 'api-approved.kubernetes.io': 'unapproved, for a test', ...annotations },
    },
    spec: {
      group,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      scope,
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: ANYTHING } }],
    },
  });
  if (status !== 201) throw new Error(`${plural}.${group}: ${status} ${JSON.stringify(body)}`);
  await eventually(`${plural} are served`, async () =>
    (await cluster.request('GET', `/apis/${group}/${version}/${plural}`)).status === 200 ? true : undefined,
  );
}

export async function removeCrd(cluster: Cluster, name: string): Promise<void> {
  await cluster.request('DELETE', `${CRDS}/${name}`);
  await eventually(`${name} is gone`, async () =>
    (await cluster.request('GET', `${CRDS}/${name}`)).status === 404 ? true : undefined,
  );
}
