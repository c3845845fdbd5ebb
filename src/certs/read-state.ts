import type { KubeClient } from '../kube/client.js';
import { refOf, type KubeObject } from '../kube/object.js';
import type { CertificateState, ServingPod } from './judge.js';
import { readParts } from './observe.js';
import { podsOf } from './pods.js';
import { servedCertificate } from './served.js';
import type { CertificateUse } from './uses.js';

/** Reads what a certificate consists of in the cluster: the Secret, the webhook configurations, the pods, and what these serve. */
export async function readState(
  client: KubeClient,
  use: CertificateUse,
  signal: AbortSignal,
): Promise<CertificateState> {
  const { secret, deployment, configurations } = await readParts(client, use);
  const pods = deployment === undefined ? [] : await servingPods(client, deployment, use, signal);
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

/** More pods than these need not be asked to know what a Deployment serves. */
const MAX_ASKED = 10;

async function servingPods(
  client: KubeClient,
  deployment: KubeObject,
  { podPort: port, names }: CertificateUse,
  signal: AbortSignal,
): Promise<ServingPod[]> {
  const pods = await podsOf(client, deployment);
  return Promise.all(
    pods.map(async (pod, index) => {
      const isAsked = port !== undefined && index < MAX_ASKED && isRunning(pod);
      const asked = isAsked ? servedCertificate(client, refOf(pod), { port, name: names[0] }, signal) : undefined;
      return { pod, served: await asked };
    }),
  );
}

function isRunning(pod: KubeObject): boolean {
  return (pod['status'] as { phase?: string } | undefined)?.phase === 'Running';
}
