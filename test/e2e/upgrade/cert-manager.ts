import { eventually } from '../install/cluster-state.js';
import type { Cluster } from '../../cluster/index.mjs';

const KINDS = [
  ['Issuer', 'issuers'],
  ['Certificate', 'certificates'],
] as const;

/** The kinds of cert-manager, without the program behind them. */
export async function installCertManagerKinds(cluster: Cluster): Promise<void> {
  for (const [kind, plural] of KINDS) {
    const { status, body } = await cluster.request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.cert-manager.io` },
      spec: {
        group: 'cert-manager.io',
        names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
        scope: 'Namespaced',
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: ANYTHING } }],
      },
    });
    if (status !== 201) throw new Error(`${plural}.cert-manager.io: ${status} ${JSON.stringify(body)}`);
  }
  for (const path of CERT_MANAGER_PATHS) {
    // For a moment the server does not know the kind, then it says that it is busy with it.
    await eventually(`${path} is served`, async () =>
      (await cluster.request('GET', path)).status === 200 ? true : undefined,
    );
  }
}

export const CERT_MANAGER_PATHS = KINDS.map(([, plural]) => `/apis/cert-manager.io/v1/${plural}`);

const ANYTHING = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
