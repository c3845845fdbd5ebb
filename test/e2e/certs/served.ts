import { sameCertificates, fromCaBundle, toCaBundle } from '../../../src/certs/bundle.js';
import { examine } from '../../../src/certs/examine.js';
import { issueCertificate, type KeyPairFiles } from '../../../src/certs/issue.js';
import { keyPairIn, secretData } from '../../../src/certs/secret.js';
import type { KubeObject } from '../../../src/kube/object.js';
import type { Cluster } from '../../cluster/index.mjs';
import { get } from '../install/cluster-state.js';

export const NAMESPACE = 'kthena-system';

const ADMISSION = '/apis/admissionregistration.k8s.io/v1';

/** A component whose webhooks the API server calls. */
export interface Component {
  name: string;
  configurations: string[];
}

export const ROUTER: Component = {
  name: 'kthena-router',
  configurations: [`${ADMISSION}/validatingwebhookconfigurations/kthena-router-validating-webhook`],
};
export const MANAGER: Component = {
  name: 'kthena-controller-manager',
  configurations: [
    `${ADMISSION}/mutatingwebhookconfigurations/kthena-controller-manager-mutating-webhook`,
    `${ADMISSION}/validatingwebhookconfigurations/kthena-controller-manager-validating-webhook`,
  ],
};
export const COMPONENTS = [ROUTER, MANAGER];

export function secretPath({ name }: Component): string {
  return `/api/v1/namespaces/${NAMESPACE}/secrets/${name}-webhook-certs`;
}

export function deploymentPath({ name }: Component): string {
  return `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${name}`;
}

export function namesOf({ name }: Component): string[] {
  const service = `${name}-webhook.${NAMESPACE}.svc`;
  return [service, `${service}.cluster.local`];
}

/** What the Secret of a component holds; undefined where there is none. */
export async function keyPairFrom(cluster: Cluster, component: Component): Promise<KeyPairFiles | undefined> {
  const secret = await get(cluster, secretPath(component));
  return secret === undefined ? undefined : keyPairIn(secret);
}

/** The CAs that each webhook of a component trusts, PEM. */
export async function trustIn(cluster: Cluster, { configurations }: Component): Promise<string[]> {
  const objects = await Promise.all(configurations.map((path) => get(cluster, path)));
  return objects.flatMap((object) =>
    webhooksOf(object!).map(({ clientConfig }) => fromCaBundle(clientConfig.caBundle)),
  );
}

/** Why the API server could not call the webhooks of a component, were it served with what its Secret holds. */
export async function faultsOf(cluster: Cluster, component: Component): Promise<string[]> {
  const keyPair = await keyPairFrom(cluster, component);
  if (keyPair === undefined) return ['there is no Secret'];
  const problems = examine({ ...keyPair, names: namesOf(component), now: new Date() });
  const trusted = await trustIn(cluster, component);
  const isTrusted = trusted.length > 0 && trusted.every((bundle) => sameCertificates(bundle, keyPair.ca));
  return [...problems.map(({ message }) => message), ...(isTrusted ? [] : ['a webhook trusts something else'])];
}

/** A certificate that has expired for `days`, or will in `-days`. */
export function expiredCertificate(component: Component, days: number): Promise<KeyPairFiles> {
  const made = new Date(Date.now() - days * 86_400_000);
  made.setUTCFullYear(made.getUTCFullYear() - 10);
  return issueCertificate({ names: namesOf(component), now: made });
}

/** Puts another certificate into the Secret of a component, as whoever is not this tool. */
export async function replaceKeyPair(cluster: Cluster, component: Component, keyPair: KeyPairFiles): Promise<void> {
  const { status, body } = await cluster.request('PATCH', secretPath(component), { data: secretData(keyPair) });
  if (status !== 200) throw new Error(JSON.stringify(body));
}

/** Lets all webhooks of a component trust something else. */
export async function replaceTrust(
  cluster: Cluster,
  { configurations }: Component,
  ca: string,
  manager = 'somebody',
): Promise<void> {
  for (const path of configurations) {
    const object = (await get(cluster, path))!;
    for (const { clientConfig } of webhooksOf(object)) clientConfig.caBundle = toCaBundle(ca);
    const { status, body } = await cluster.request('PUT', `${path}?fieldManager=${manager}`, object);
    if (status !== 200) throw new Error(JSON.stringify(body));
  }
}

function webhooksOf(object: KubeObject): { name: string; clientConfig: { caBundle?: string } }[] {
  return object['webhooks'] as { name: string; clientConfig: { caBundle?: string } }[];
}
