import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import { labelSelectorOf } from '../wait/selector.js';
import type { ObservedWebhooks } from './observe.js';

/**
 * Whether a pod may serve another certificate than the Secret holds: servers do not reload, so that is one that was started before
 * the Secret was last written.
 */
export async function servesFormer(client: KubeClient, { secret, deployment }: ObservedWebhooks): Promise<boolean> {
  if (secret === undefined || deployment === undefined) return false;
  const { namespace } = deployment.metadata;
  const query = { apiVersion: 'v1', kind: 'Pod', namespace: namespace!, labelSelector: labelSelectorOf(deployment) };
  const written = lastWrittenAt(secret);
  for await (const pod of client.list(query)) {
    const startedAt = (pod['status'] as { startTime?: string } | undefined)?.startTime;
    if (startedAt !== undefined && Date.parse(startedAt) < written) return true;
  }
  return false;
}

/** In milliseconds, to the second, as the start of a pod. */
function lastWrittenAt({ metadata }: KubeObject): number {
  const times = (metadata.managedFields ?? []).map(({ time }) => time).filter((time) => time !== undefined);
  return Math.max(...[metadata.creationTimestamp!, ...times].map((time) => Date.parse(time)));
}
