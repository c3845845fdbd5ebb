import type { KubeClient } from '../../kube/client.js';
import { hasReadyEndpoint } from '../../kube/endpoints.js';
import { keyOf, refOf, type KubeObject } from '../../kube/object.js';
import { ADMISSION_API, concerns, CONFIGURATION_KINDS, servicesOf, type ServiceRef } from './configuration.js';

export interface CalledService extends ServiceRef {
  state: 'ready' | 'no-endpoints' | 'missing';
}

/** A webhook configuration of the cluster, with the Services behind it. */
export interface Observed {
  configuration: KubeObject;
  services: CalledService[];
}

/**
 * The webhook configurations that bear one of these keys, or are about resources of one of these groups.
 *
 * @param keys as `keyOf` makes them
 */
export async function observeConfigurations(
  client: KubeClient,
  keys: ReadonlySet<string>,
  groups: readonly string[],
): Promise<Observed[]> {
  const lists = await Promise.all(CONFIGURATION_KINDS.map((kind) => listOf(client, kind)));
  const relevant = lists
    .flat()
    .filter((configuration) => keys.has(keyOf(refOf(configuration))) || concerns(configuration, groups));
  return Promise.all(
    relevant.map(async (configuration) => ({
      configuration,
      services: await Promise.all(servicesOf(configuration).map((service) => observeService(client, service))),
    })),
  );
}

async function listOf(client: KubeClient, kind: string): Promise<KubeObject[]> {
  const found: KubeObject[] = [];
  for await (const configuration of client.list({ apiVersion: ADMISSION_API, kind })) found.push(configuration);
  return found;
}

async function observeService(client: KubeClient, { namespace, name }: ServiceRef): Promise<CalledService> {
  const service = await client.get({ apiVersion: 'v1', kind: 'Service', namespace, name });
  if (service === undefined) return { namespace, name, state: 'missing' };
  const ready = await hasReadyEndpoint(client, namespace, name);
  return { namespace, name, state: ready ? 'ready' : 'no-endpoints' };
}
