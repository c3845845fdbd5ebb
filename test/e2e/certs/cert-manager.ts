import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../../src/kube/object.js';
import type { Cluster } from '../../cluster/index.mjs';
import { selfSigned } from './key-pairs.js';

type Certificate = KubeObject & { spec: { secretName: string; dnsNames: string[]; issuerRef: { name: string } } };
type Configuration = KubeObject & { webhooks: { clientConfig: { caBundle?: string } }[] };

export interface CertManagerOptions {
  /** Why certificates are not issued; they are where it is left out. */
  refusal?: { reason: string; message: string };
}

/**
 * Stands in for cert-manager and its CA injector, whose kinds must be there: issuers are ready; for each Certificate it makes the
 * Secret as a selfSigned issuer does, then says that it is ready; and writes the CA into the webhook configurations that are annotated so.
 *
 * @returns ends it, and throws what went wrong meanwhile
 */
export function standInForCertManager(cluster: Cluster, options: CertManagerOptions = {}): () => Promise<void> {
  let closing = false;
  const work = async (): Promise<void> => {
    for (; !closing; await sleep(50)) {
      for (const issuer of await list(cluster, ISSUERS)) await setReady(cluster, issuer, 'issuers', ISSUED);
      for (const certificate of (await list(cluster, CERTIFICATES)) as Certificate[]) {
        await fulfil(cluster, certificate, options);
      }
      for (const path of CONFIGURATIONS) {
        for (const one of (await list(cluster, path)) as Configuration[]) await inject(cluster, path, one);
      }
    }
  };
  const working = work();
  working.catch(() => undefined); // told at the end
  return () => {
    closing = true;
    return working;
  };
}

const CERTIFICATES = '/apis/cert-manager.io/v1/certificates';
const ISSUERS = '/apis/cert-manager.io/v1/issuers';
const CONFIGURATIONS = ['mutating', 'validating'].map(
  (type) => `/apis/admissionregistration.k8s.io/v1/${type}webhookconfigurations`,
);
const ISSUER = 'cert-manager.io/issuer-name';
const ISSUED = { status: 'True', reason: 'Ready', message: 'is up to date' };

async function fulfil(cluster: Cluster, certificate: Certificate, { refusal }: CertManagerOptions): Promise<void> {
  const path = `/api/v1/namespaces/${certificate.metadata.namespace!}/secrets`;
  const { secretName, dnsNames } = certificate.spec;
  const { status, body } = await cluster.request('GET', `${path}/${secretName}`);
  if (refusal !== undefined && status !== 200) {
    return setReady(cluster, certificate, 'certificates', { status: 'False', ...refusal });
  }
  // What somebody else has put there is replaced.
  const isOwn = (body as KubeObject).metadata?.annotations?.[ISSUER] !== undefined;
  if (status === 404 || !isOwn) {
    const pair = await selfSigned(dnsNames);
    const secret = {
      metadata: {
        name: secretName,
        annotations: {
          'cert-manager.io/certificate-name': certificate.metadata.name,
          [ISSUER]: certificate.spec.issuerRef.name,
        },
      },
      type: 'kubernetes.io/tls',
      stringData: { 'tls.crt': pair.certificate, 'tls.key': pair.privateKey, 'ca.crt': pair.ca },
    };
    await (status === 404
      ? cluster.request('POST', path, { apiVersion: 'v1', kind: 'Secret', ...secret })
      : cluster.request('PATCH', `${path}/${secretName}`, secret));
  }
  await setReady(cluster, certificate, 'certificates', ISSUED);
}

async function inject(cluster: Cluster, path: string, configuration: Configuration): Promise<void> {
  const from = configuration.metadata.annotations?.['cert-manager.io/inject-ca-from'];
  if (from === undefined) return;
  const [namespace, name] = from.split('/');
  const { body } = await cluster.request(
    'GET',
    `/apis/cert-manager.io/v1/namespaces/${namespace}/certificates/${name}`,
  );
  const { spec } = body as Partial<Certificate>;
  if (spec === undefined) return;
  const secret = await cluster.request('GET', `/api/v1/namespaces/${namespace}/secrets/${spec.secretName}`);
  const ca = (secret.body as { data?: Record<string, string> }).data?.['ca.crt'];
  if (ca === undefined || configuration.webhooks.every(({ clientConfig }) => clientConfig.caBundle === ca)) return;
  for (const { clientConfig } of configuration.webhooks) clientConfig.caBundle = ca;
  // Somebody else may have changed it; the next round sees that.
  await cluster.request('PUT', `${path}/${configuration.metadata.name}`, configuration);
}

async function setReady(
  cluster: Cluster,
  object: KubeObject,
  plural: string,
  condition: { status: string; reason: string; message: string },
): Promise<void> {
  const { namespace, name, generation } = object.metadata;
  const conditions = (object['status'] as { conditions?: Record<string, unknown>[] } | undefined)?.conditions ?? [];
  const present = conditions.find(({ type }) => type === 'Ready');
  if (present?.['status'] === condition.status && present['observedGeneration'] === generation) return;
  await cluster.request('PATCH', `/apis/cert-manager.io/v1/namespaces/${namespace}/${plural}/${name}/status`, {
    status: {
      conditions: [
        { type: 'Ready', ...condition, observedGeneration: generation, lastTransitionTime: new Date().toISOString() },
      ],
    },
  });
}

async function list(cluster: Cluster, path: string): Promise<KubeObject[]> {
  const { body } = await cluster.request('GET', path);
  return (body as { items?: KubeObject[] }).items ?? [];
}
