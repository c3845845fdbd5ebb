import { isApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import { labelSelectorOf } from '../wait/selector.js';
import type { ObservedWebhooks } from './observe.js';
import { isOlderThanSecret } from './staleness.js';

/** The pods of a Deployment that are not on their way out. */
export async function podsOf(client: KubeClient, deployment: KubeObject): Promise<KubeObject[]> {
  const labelSelector = labelSelectorOf(deployment);
  if (labelSelector === '') return [];
  const pods: KubeObject[] = [];
  const { namespace } = deployment.metadata;
  for await (const pod of client.list({ apiVersion: 'v1', kind: 'Pod', namespace: namespace!, labelSelector })) {
    if (pod.metadata.deletionTimestamp === undefined) pods.push(pod);
  }
  return pods;
}

/**
 * Whether a pod may serve another certificate than the Secret holds: servers do not reload. Where pods may not be read, one may.
 */
export async function servesFormer(client: KubeClient, { secret, deployment }: ObservedWebhooks): Promise<boolean> {
  if (secret === undefined || deployment === undefined) return false;
  try {
    return (await podsOf(client, deployment)).some((pod) => isOlderThanSecret(pod, secret));
  } catch (error) {
    if (isApiError(error, 403)) return true;
    throw error;
  }
}
