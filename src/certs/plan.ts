import type { KubeClient } from '../kube/client.js';
import { keyOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import { covers, sameCertificates } from './bundle.js';
import { examine } from './examine.js';
import type { GivenCertificate } from './files.js';
import type { KeyPairFiles } from './issue.js';
import { observeWebhooks, type ObservedWebhooks } from './observe.js';
import { digestOf, digestOn } from './restart.js';
import { keyPairIn } from './secret.js';
import { servedWebhooks, type ServedWebhooks } from './serving.js';
import { servesFormer } from './pods.js';
import { trustOf, TRUST_MANAGER, withoutFormerTrust, type TrustedConfiguration } from './trust.js';

/** What is to become of the certificates by which one component's webhooks are called. */
export interface CertificateChange {
  webhooks: ServedWebhooks;
  /** What is served at the end: what the Secret holds, files of the user's, or a certificate that is issued when the change is made. */
  keyPair: KeyPairFiles | 'issue';
  /** The Secret, where it is to be written. */
  secret?: { live: KubeObject | undefined };
  /** Who is to trust the CA of it, and nothing else; none where the release's own objects say what they trust. */
  configurations: TrustedConfiguration[];
  /** Where the pods run, or may run, with another certificate than the Secret is to hold: what they were restarted for before. */
  restart?: { digest: string | undefined };
}

export interface CertificatePolicy {
  /** What the user wants served. */
  given: readonly GivenCertificate[];
  /** Replace valid certificates too, and those that a component made. */
  renew: boolean;
  now: Date;
}

/** Compares the certificates of the webhooks among a release's objects with what is right. Writes nothing. */
export async function planCertificates(
  client: KubeClient,
  objects: readonly KubeObject[],
  policy: CertificatePolicy,
): Promise<CertificateChange[]> {
  const ours = servedWebhooks(objects).filter(
    ({ mode, secret }) => mode === 'auto' || givenFor(secret, policy) !== undefined,
  );
  const changes = await Promise.all(
    ours.map(async (webhooks) => {
      const found = await observeWebhooks(client, webhooks);
      if (found === undefined) return undefined;
      const given = givenFor(webhooks.secret, policy);
      return given === undefined ? ownChange(client, found, policy) : givenChange(found, given);
    }),
  );
  return changes.filter((change) => change !== undefined);
}

function givenFor(secret: ObjectRef, { given }: CertificatePolicy): KeyPairFiles | undefined {
  return given.find((candidate) => keyOf(candidate.secret) === keyOf(secret))?.files;
}

/** The user's own: the CA is among the values, and so in the objects of the release. */
function givenChange(found: ObservedWebhooks, given: KeyPairFiles): CertificateChange | undefined {
  const { webhooks, secret, deployment } = found;
  const live = secret === undefined ? undefined : keyPairIn(secret);
  const { certificate, privateKey, ca } = given;
  if (live?.certificate === certificate && live.privateKey === privateKey && live.ca === ca) return undefined;
  const change = { webhooks, keyPair: given, secret: { live: secret }, configurations: [] };
  return live?.certificate === certificate ? change : { ...change, ...restartOf(deployment) };
}

async function ownChange(
  client: KubeClient,
  found: ObservedWebhooks,
  { renew, now }: CertificatePolicy,
): Promise<CertificateChange | undefined> {
  const { webhooks, secret, deployment } = found;
  const live = secret === undefined ? undefined : keyPairIn(secret);
  const isValid = live !== undefined && examine({ ...live, names: [webhooks.serverName], now }).length === 0;
  if (isValid && !renew) return trustChange(client, found, live);
  // A component that runs makes a Secret where it finds none, and sees to the trust in it by itself.
  if (secret === undefined && deployment !== undefined && !renew && !isTrustOurs(found)) return undefined;
  const configurations = trustOf(found);
  const isTrusted = configurations.some(({ bundles }) => bundles.some((bundle) => bundle !== ''));
  const change: CertificateChange = { webhooks, keyPair: 'issue', secret: { live: secret }, configurations };
  // Pods that nobody trusts yet wait for a certificate, unless they have made one for themselves.
  const mayServe = renew || secret !== undefined || isTrusted;
  return mayServe ? { ...change, ...restartOf(deployment) } : change;
}

/**
 * The Secret is right; what trusts it may not be, or a change of certificates was cut off. What a component has written itself stays:
 * it may know better, as long as it runs.
 */
async function trustChange(
  client: KubeClient,
  found: ObservedWebhooks,
  keyPair: KeyPairFiles,
): Promise<CertificateChange | undefined> {
  const { webhooks, deployment } = found;
  const { certificate, ca } = keyPair;
  const wrong = trustOf(found).filter(
    ({ bundles, writers }) =>
      !bundles.every((bundle) => sameCertificates(bundle, ca)) && !writers.includes(webhooks.deployment.name),
  );
  if (wrong.length === 0) return undefined;
  const bundles = wrong.flatMap((configuration) => configuration.bundles);
  const isCutOff = bundles.some((bundle) => covers(bundle, ca) && !sameCertificates(bundle, ca));
  const { restart } = restartOf(deployment);
  const isRestarted = restart === undefined || restart.digest === digestOf(certificate);
  if (isCutOff) return { webhooks, keyPair, configurations: wrong, ...(isRestarted ? {} : { restart }) };
  const isFormerNeeded = bundles.some((bundle) => bundle !== '') && (await servesFormer(client, found));
  if (!isFormerNeeded) return { webhooks, keyPair, configurations: wrong.map(withoutFormerTrust) };
  return { webhooks, keyPair, configurations: wrong, ...(restart === undefined ? {} : { restart }) };
}

/** Pods that do not exist yet will find the new certificate. */
function restartOf(deployment: KubeObject | undefined): Pick<CertificateChange, 'restart'> {
  return deployment === undefined ? {} : { restart: { digest: digestOn(deployment) } };
}

function isTrustOurs({ configurations }: ObservedWebhooks): boolean {
  return configurations.some((configuration) =>
    configuration?.metadata.managedFields?.some(({ manager }) => manager === TRUST_MANAGER),
  );
}
