import { issueCertificate, type KeyPairFiles } from '../../../src/certs/issue.js';
import { secretFor } from '../../../src/certs/secret.js';
import type { Cluster } from '../../cluster/index.mjs';

/** The components that serve webhooks. */
export const COMPONENTS = ['kthena-router', 'kthena-controller-manager'] as const;
export type Component = (typeof COMPONENTS)[number];

export const secretOf = (component: Component): string => `${component}-webhook-certs`;
export const serverNameOf = (component: Component, namespace: string): string =>
  `${component}-webhook.${namespace}.svc`;

/** Certificates of both components, each with a CA of its own. */
export async function issueBoth(namespace: string): Promise<Record<Component, KeyPairFiles>> {
  const pairs = await Promise.all(
    COMPONENTS.map(async (component) => {
      const names = [serverNameOf(component, namespace)];
      return [component, await issueCertificate({ names, now: new Date() })] as const;
    }),
  );
  return Object.fromEntries(pairs) as Record<Component, KeyPairFiles>;
}

/** Makes the Secret, or writes it anew. */
export async function putSecret(cluster: Cluster, namespace: string, name: string, files: KeyPairFiles): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/secrets`;
  const secret = secretFor({ apiVersion: 'v1', kind: 'Secret', namespace, name }, files, { name: 'none', namespace });
  const { status } = await cluster.request('PATCH', `${path}/${name}`, { data: secret['data'] });
  if (status === 200) return;
  const { status: created, body } = await cluster.request('POST', path, {
    ...secret,
    metadata: { name, namespace },
  });
  if (created !== 201) throw new Error(JSON.stringify(body));
}

/** Writes the caBundle of every webhook of a configuration, as its component or a CA injector does. */
export async function putCaBundle(
  cluster: Cluster,
  kind: 'mutatingwebhookconfigurations' | 'validatingwebhookconfigurations',
  name: string,
  caBundle: string,
): Promise<void> {
  const path = `/apis/admissionregistration.k8s.io/v1/${kind}/${name}`;
  const { body } = await cluster.request('GET', path);
  const webhooks = (body as { webhooks: { clientConfig: object }[] }).webhooks.map((webhook) => ({
    ...webhook,
    clientConfig: { ...webhook.clientConfig, caBundle },
  }));
  const { status, body: answer } = await cluster.request('PATCH', path, { webhooks });
  if (status !== 200) throw new Error(JSON.stringify(answer));
}

/** No line of a private key stands in the text, nor its base64. */
export function holdsKey(text: string, ...pairs: readonly KeyPairFiles[]): boolean {
  return pairs.some(({ privateKey }) => {
    const body = privateKey.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    const secret = Buffer.from(privateKey).toString('base64');
    return text.includes(secret) || body.some((line) => text.includes(line));
  });
}
