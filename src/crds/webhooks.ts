import { KthenaError } from '../errors.js';
import type { KubeClient } from '../kube/client.js';
import { hasReadyEndpoint } from '../kube/endpoints.js';
import { formatRef, refOf, type KubeObject } from '../kube/object.js';

interface Webhook {
  failurePolicy?: string;
  clientConfig: { service?: { name: string; namespace: string } };
  rules?: { apiGroups?: string[] }[];
}

const CONFIGURATIONS = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'];

/**
 * Webhooks that refuse every change to resources of these groups because nothing answers them: `failurePolicy: Fail`, and a
 * service without a ready endpoint. With one, finalizers cannot be removed and nothing can be restored.
 *
 * @returns a sentence for each; none where this user may not look: it explains another error, and must not hide it
 */
export async function deadWebhooks(client: KubeClient, groups: readonly string[]): Promise<string[]> {
  try {
    return await findDeadWebhooks(client, groups);
  } catch (error) {
    if (error instanceof KthenaError) return [];
    throw error;
  }
}

async function findDeadWebhooks(client: KubeClient, groups: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const kind of CONFIGURATIONS) {
    for await (const configuration of client.list({ apiVersion: 'admissionregistration.k8s.io/v1', kind })) {
      const services = servicesOf(configuration, groups);
      for (const { name, namespace } of services.values()) {
        if (await hasReadyEndpoint(client, namespace, name)) continue;
        found.push(
          `${formatRef(refOf(configuration))} refuses every change to these resources: its service ${namespace}/${name} has no ready endpoint. Start what answers there, or remove it: kubectl delete ${kind.toLowerCase()} ${configuration.metadata.name}`,
        );
      }
    }
  }
  return found;
}

function servicesOf(
  configuration: KubeObject,
  groups: readonly string[],
): Map<string, { name: string; namespace: string }> {
  const services = new Map<string, { name: string; namespace: string }>();
  for (const { failurePolicy, clientConfig, rules } of (configuration['webhooks'] ?? []) as Webhook[]) {
    const concerns = (rules ?? []).some(({ apiGroups }) =>
      (apiGroups ?? []).some((group) => group === '*' || groups.includes(group)),
    );
    const { service } = clientConfig;
    if (failurePolicy !== 'Ignore' && concerns && service !== undefined)
      services.set(`${service.namespace}/${service.name}`, service);
  }
  return services;
}
