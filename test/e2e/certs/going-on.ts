import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../cluster/index.mjs';
import { modelBooster, modelRoute } from '../backup/samples.js';

/** Names in the calls of the webhooks. */
export const GOING_ON = 'going-on';

const PARTS = { metadata: { namespace: 'default' } };
const RESOURCES = [
  {
    path: 'networking.serving.volcano.sh/v1alpha1/namespaces/default/modelroutes',
    object: modelRoute(GOING_ON, PARTS),
  },
  {
    path: 'workload.serving.volcano.sh/v1alpha1/namespaces/default/modelboosters',
    object: modelBooster(GOING_ON, PARTS),
  },
];

/**
 * Has the API server call webhooks of both components again and again, by dry runs.
 *
 * @returns ends it, and gives how often it was tried and what was answered in place of a success
 */
export function keepCalling(cluster: Cluster): () => Promise<{ tried: number; failures: string[] }> {
  const failures: string[] = [];
  let tried = 0;
  let over = false;
  const call = async ({ path, object }: (typeof RESOURCES)[number]): Promise<void> => {
    for (; !over; await sleep(10)) {
      const { status, body } = await cluster.request('POST', `/apis/${path}?dryRun=All`, object);
      tried++;
      if (status !== 201) failures.push(String((body as { message?: string }).message ?? status));
    }
  };
  const calling = Promise.all(RESOURCES.map(call));
  return async () => {
    over = true;
    await calling;
    return { tried, failures };
  };
}
