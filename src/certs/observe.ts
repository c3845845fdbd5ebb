import { isApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import type { KubeObject, ObjectRef } from '../kube/object.js';
import type { ServedWebhooks } from './serving.js';

/** What the cluster holds of the certificates by which a component's webhooks are called. */
export interface ObservedWebhooks {
  webhooks: ServedWebhooks;
  secret: KubeObject | undefined;
  deployment: KubeObject | undefined;
  /** In the order of `webhooks.configurations`. */
  configurations: (KubeObject | undefined)[];
}

/**
 * Reads them side by side.
 *
 * @returns undefined where one of them may not be read: that right is asked for elsewhere, where all of them are
 */
export async function observeWebhooks(
  client: KubeClient,
  webhooks: ServedWebhooks,
): Promise<ObservedWebhooks | undefined> {
  const read = (ref: ObjectRef): Promise<KubeObject | undefined> => client.get(ref);
  try {
    const [secret, deployment, configurations] = await Promise.all([
      read(webhooks.secret),
      read(webhooks.deployment),
      Promise.all(webhooks.configurations.map(read)),
    ]);
    return { webhooks, secret, deployment, configurations };
  } catch (error) {
    if (isApiError(error, 403)) return undefined;
    throw error;
  }
}
