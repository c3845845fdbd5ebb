import type { KubeObject, Metadata } from '../../kube/object.js';
import { progressing, ready, type ObjectStatus } from '../object-status.js';

interface Webhook {
  name: string;
  clientConfig?: { url?: string; service?: object; caBundle?: string };
}

/** By these cert-manager's CA injector knows what it has to fill. */
const INJECTIONS = [
  'cert-manager.io/inject-ca-from',
  'cert-manager.io/inject-ca-from-secret',
  'cert-manager.io/inject-apiserver-ca',
];

/** True where cert-manager is to write the CA. */
export function isInjected({ metadata }: { metadata?: Metadata }): boolean {
  return INJECTIONS.some((key) => metadata?.annotations?.[key] !== undefined);
}

/**
 * A webhook without a CA bundle is called in vain, unless a CA that the API server trusts anyway has signed its
 * certificate. Where cert-manager is to write the CA that is waited for. Else it is only remarked: the component itself
 * writes it when it starts.
 */
export function webhookConfigurationStatus(configuration: KubeObject): ObjectStatus {
  const { webhooks = [] } = configuration as { webhooks?: Webhook[] };
  const lacking = webhooks.find(({ clientConfig }) => clientConfig?.service !== undefined && !clientConfig.caBundle);
  if (lacking === undefined) return ready();
  if (isInjected(configuration)) {
    return progressing(`waiting for cert-manager to write the CA bundle of ${lacking.name}`, 'NoCABundle');
  }
  return {
    ...ready(),
    remark: `${lacking.name} has no CA bundle, by which the API server would trust its certificate`,
  };
}
