import { createHash } from 'node:crypto';
import type { KubeClient } from '../kube/client.js';
import type { KubeObject, ObjectRef } from '../kube/object.js';
import { TRUST_MANAGER } from './trust.js';

/** On a component's pods: the digest of the certificate that they were last restarted for. */
export const CERTIFICATE_DIGEST = 'kthena.io/webhook-certificate';

/** Has the pods of a Deployment replaced, unless they were restarted for this certificate (PEM) already. */
export async function restartFor(client: KubeClient, deployment: ObjectRef, certificate: string): Promise<void> {
  const { apiVersion, kind, name, namespace } = deployment;
  const annotations = { [CERTIFICATE_DIGEST]: digestOf(certificate) };
  await client.apply(
    { apiVersion, kind, metadata: { name, namespace: namespace! }, spec: { template: { metadata: { annotations } } } },
    { fieldManager: TRUST_MANAGER, force: true },
  );
}

/** Of a certificate in PEM, as it stands on pods. */
export function digestOf(certificate: string): string {
  return createHash('sha256').update(certificate).digest('hex').slice(0, 16);
}

/** The digest that stands on the pods of a Deployment. */
export function digestOn(deployment: KubeObject): string | undefined {
  const spec = deployment['spec'] as { template?: { metadata?: { annotations?: Record<string, string> } } } | undefined;
  return spec?.template?.metadata?.annotations?.[CERTIFICATE_DIGEST];
}
