import type { KubeClient } from '../../kube/client.js';
import type { KubeObject } from '../../kube/object.js';
import type { Check, Finding } from '../check.js';
import { partOf } from '../unanswered.js';
import { hostService, noServiceFinding, settingsFindings } from './findings.js';
import { passwordFindings, rateLimitFindings } from './secret-findings.js';
import { redisSource, usesPlugin } from './source.js';
import { refTo, type RedisState } from './state.js';

/** The settings by which the router finds its Redis. It starts without, and says what is wrong with them only in its log. */
export const redis: Check = {
  id: 'redis',
  title: 'settings of the Redis of the router',
  when: 'always',
  run: async ({ objects, release: { namespace } }, { client }) => {
    const source = redisSource(objects);
    if (source === undefined) return [];
    const [configMap, linked] = await Promise.all([
      client.get(refTo(source.host, namespace)),
      client.get({ apiVersion: 'v1', kind: 'Service', namespace, name: 'redis' }),
    ]);
    const state: RedisState = { source, namespace, needed: usesPlugin(objects), configMap, linked };
    const parts = [partOf(serviceFindings(client, state)), partOf(secretFindings(client, state))];
    return [...settingsFindings(state), ...(await Promise.all(parts)).flat()];
  },
};

async function serviceFindings(client: KubeClient, state: RedisState): Promise<Finding[]> {
  const service = hostService(state);
  if (service === undefined || (await client.get(service)) !== undefined) return [];
  return [noServiceFinding(state, service)];
}

/** Before an install the kind ModelRoute may not exist; then there are no routes. */
async function secretFindings(client: KubeClient, state: RedisState): Promise<Finding[]> {
  const { source, namespace } = state;
  if (source.password === undefined) return [];
  const secret = await client.get(refTo(source.password, namespace));
  if (secret === undefined) return [];
  const routes: KubeObject[] = [];
  const limits = async (): Promise<Finding[]> => {
    const query = { apiVersion: 'networking.serving.volcano.sh/v1alpha1', kind: 'ModelRoute' };
    for await (const route of client.list(query)) routes.push(route);
    return rateLimitFindings(state, secret, routes);
  };
  return [...passwordFindings(state, secret), ...(await partOf(limits()))];
}
