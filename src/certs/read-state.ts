import type { KubeClient } from '../kube/client.js';
import { refOf, type KubeObject } from '../kube/object.js';
import type { CertificateState } from './judge.js';
import type { CertificateUse } from './uses.js';

/** Reads what a certificate consists of in the cluster: the Secret, the webhook configurations, and the pods that serve it. */
export async function readState(client: KubeClient, use: CertificateUse): Promise<CertificateState> {
  const [secret, configurations, pods] = await Promise.all([
    client.get(use.secret),
    Promise.all(use.configurations.map(({ apiVersion, kind, name }) => client.get({ apiVersion, kind, name }))),
    podsOf(client, use),
  ]);
  return { use, secret, configurations, pods };
}

/** Of before an install: the Secret is the cluster's, everything else is still to come, as the objects say. */
export async function plannedState(
  client: KubeClient,
  use: CertificateUse,
  objects: readonly KubeObject[],
): Promise<CertificateState> {
  const planned = (name: string, kind: string): KubeObject | undefined =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);
  const configurations = use.configurations.map(({ name, kind }) => planned(name, kind));
  return { use, secret: await client.get(use.secret), configurations, pods: [] };
}

async function podsOf(client: KubeClient, { deployment }: CertificateUse): Promise<KubeObject[]> {
  const live = await client.get(deployment);
  if (live === undefined) return [];
  const { selector } = (live['spec'] ?? {}) as { selector?: { matchLabels?: Record<string, string> } };
  const labelSelector = Object.entries(selector?.matchLabels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  if (labelSelector === '') return [];
  const pods: KubeObject[] = [];
  const { namespace } = refOf(live);
  for await (const pod of client.list({ apiVersion: 'v1', kind: 'Pod', namespace: namespace!, labelSelector })) {
    if (pod.metadata.deletionTimestamp === undefined) pods.push(pod);
  }
  return pods;
}
