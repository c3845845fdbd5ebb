import type { KubeClient } from './client.js';

/** True where at least one address stands behind a Service that takes requests. */
export async function hasReadyEndpoint(client: KubeClient, namespace: string, service: string): Promise<boolean> {
  const query = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    namespace,
    labelSelector: `kubernetes.io/service-name=${service}`,
  };
  for await (const slice of client.list(query)) {
    const endpoints = (slice['endpoints'] ?? []) as { conditions?: { ready?: boolean } }[];
    // No statement counts as ready, as the API says.
    if (endpoints.some(({ conditions }) => conditions?.ready !== false)) return true;
  }
  return false;
}
