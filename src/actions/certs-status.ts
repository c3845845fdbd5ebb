import { certificatesOf } from '../certs/bundle.js';
import { oneLine } from '../certs/chain.js';
import { judge, type CertificateState, type Disagreement } from '../certs/judge.js';
import { readState } from '../certs/read-state.js';
import { keyPairIn } from '../certs/secret.js';
import { certificateUses, type CertificateUse } from '../certs/uses.js';
import { manifestObjects } from '../release/manifest-objects.js';
import { releaseNotFound } from '../release/not-found.js';
import { ReleaseStore } from '../release/store.js';
import type { ReleaseIdentity } from '../render/scope.js';
import type { ActionContext } from './context.js';

/** The public part of what a Secret holds. */
export interface CertificateFacts {
  names: string[];
  subject: string;
  issuer: string;
  serialNumber: string;
  /** SHA-256 of the certificate. */
  fingerprint: string;
  notBefore: Date;
  notAfter: Date;
}

export interface CertificateStatus {
  use: CertificateUse;
  /** Undefined where there is no certificate that can be read. */
  certificate: CertificateFacts | undefined;
  state: 'valid' | 'expiring' | 'expired' | 'broken' | 'missing';
  disagreements: Disagreement[];
}

/**
 * The certificates of what is installed, and whether their parts agree. Keys are compared with their certificates, and
 * are no part of the result.
 *
 * @throws KthenaError `not-found`
 */
export async function certificatesStatus(
  release: ReleaseIdentity,
  { client, now, signal }: Pick<ActionContext, 'client' | 'now' | 'signal'>,
): Promise<CertificateStatus[]> {
  const record = await new ReleaseStore(client, release.namespace).latest(release.name);
  if (record === undefined || record.info.status === 'uninstalled') throw releaseNotFound(release);
  const uses = certificateUses(await manifestObjects(client, record));
  const states = await Promise.all(uses.map((use) => readState(client, use, signal)));
  return states.map((state) => statusOf(state, now()));
}

function statusOf(state: CertificateState, now: Date): CertificateStatus {
  const disagreements = judge(state, now);
  const certificate = state.secret === undefined ? undefined : factsOf(keyPairIn(state.secret).certificate);
  return { use: state.use, certificate, state: wordFor(state, certificate, disagreements, now), disagreements };
}

function wordFor(
  { secret }: CertificateState,
  certificate: CertificateFacts | undefined,
  disagreements: readonly Disagreement[],
  now: Date,
): CertificateStatus['state'] {
  if (secret === undefined) return 'missing';
  if (certificate !== undefined && certificate.notAfter < now) return 'expired';
  if (disagreements.some(({ severity }) => severity === 'error')) return 'broken';
  return disagreements.some(({ cause }) => cause === 'expiring') ? 'expiring' : 'valid';
}

function factsOf(pem: string): CertificateFacts | undefined {
  const [certificate] = certificatesOf(pem);
  if (certificate === undefined) return undefined;
  const { subjectAltName = '', subject, issuer, serialNumber, fingerprint256, validFrom, validTo } = certificate;
  return {
    names: subjectAltName === '' ? [] : subjectAltName.split(', ').map((name) => name.replace(/^DNS:/, '')),
    subject: oneLine(subject ?? ''),
    issuer: oneLine(issuer ?? ''),
    serialNumber,
    fingerprint: fingerprint256,
    notBefore: new Date(validFrom),
    notAfter: new Date(validTo),
  };
}
