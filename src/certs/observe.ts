import { isApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import type { KubeObject, ObjectRef } from '../kube/object.js';
import type { ServedWebhooks } from './serving.js';

/** What the cluster holds of a certificate, beside the pods; undefined for what does not exist. */
export interface LiveParts {
  secret: KubeObject | undefined;
  deployment: KubeObject | undefined;
  configurations: (KubeObject | undefined)[];
}

/** Reads the parts of a certificate side by side; the configurations stay in their order. */
export async function readParts(
  client: KubeClient,
  { secret, deployment, configurations }: Pick<ServedWebhooks, 'secret' | 'deployment' | 'configurations'>,
): Promise<LiveParts> {
  const read = (ref: ObjectRef): Promise<KubeObject | undefined> => client.get(ref);
  const [liveSecret, liveDeployment, live] = await Promise.all([
    read(secret),
    read(deployment),
    Promise.all(configurations.map(read)),
  ]);
  return { secret: liveSecret, deployment: liveDeployment, configurations: live };
}

/** The parts of the certificate by which a component's webhooks are called. */
export interface ObservedWebhooks extends LiveParts {
  webhooks: ServedWebhooks;
}

/** @returns undefined where a part may not be read: that right is asked for elsewhere, where all of them are */
export async function observeWebhooks(
  client: KubeClient,
  webhooks: ServedWebhooks,
): Promise<ObservedWebhooks | undefined> {
  try {
    return { webhooks, ...(await readParts(client, webhooks)) };
  } catch (error) {
    if (isApiError(error, 403)) return undefined;
    throw error;
  }
}
