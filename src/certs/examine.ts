import type { KeyObject, X509Certificate } from 'node:crypto';
import { findChain, nameOf, usageProblem } from './chain.js';
import { readKey, readPart, type Part, type Problem } from './parts.js';

export type { Part, Problem, ProblemKind } from './parts.js';

/** A serving certificate and what it is to do; every part is PEM. */
export interface Examined {
  /** The certificate, followed by its intermediates. */
  certificate: string;
  /** Absent where it is not known, as behind a server that was asked for its certificate. */
  privateKey?: string | undefined;
  /** Absent where nobody in particular has to trust it: then nothing is said about chains. */
  ca?: string | undefined;
  names: readonly string[];
  now: Date;
}

/** What expires within this time should be renewed now. */
export const EXPIRING_DAYS = 30;
const DAY_MS = 86_400_000;

/** A certificate that has these problems only still works. */
export function isUsable(problems: readonly Problem[]): boolean {
  return problems.every(({ kind }) => kind === 'expiring');
}

/**
 * Everything that keeps a client which trusts `ca` (the API server, with a webhook's caBundle) from calling a server with
 * this certificate under these names; judged as Go's crypto/x509 does. Name constraints and path lengths of CAs are left to it.
 */
export function examine({ certificate, privateKey, ca, names, now }: Examined): Problem[] {
  const served = readPart('certificate', certificate);
  const trusted = ca === undefined ? { certificates: [], problems: [] } : readPart('ca', ca);
  const key = privateKey === undefined ? undefined : readKey(privateKey);
  const [leaf, ...intermediates] = served.certificates;
  const unread = [...served.problems, ...(key?.problem === undefined ? [] : [key.problem]), ...trusted.problems];
  if (leaf === undefined) return unread;
  return [
    ...unread,
    ...(key?.key === undefined ? [] : keyProblems(leaf, key.key)),
    ...nameProblems(leaf, names),
    ...(trusted.certificates.length === 0
      ? [...dateProblems(leaf, 'certificate', now), ...usageProblems([leaf])]
      : chainProblems(leaf, intermediates, trusted.certificates, now)),
  ];
}

function keyProblems(leaf: X509Certificate, key: KeyObject): Problem[] {
  if (leaf.checkPrivateKey(key)) return [];
  const message = `the private key does not belong to the certificate ${nameOf(leaf)}`;
  return [{ kind: 'key-mismatch', part: 'privateKey', message }];
}

function nameProblems(leaf: X509Certificate, names: readonly string[]): Problem[] {
  const missing = names.filter(
    (name) => leaf.checkHost(name, { subject: 'never', partialWildcards: false }) === undefined,
  );
  if (missing.length === 0) return [];
  const has = leaf.subjectAltName;
  const instead =
    has === undefined ? 'it has no subject alternative names, and a common name does not count' : `it is for ${has}`;
  return [
    { kind: 'names', part: 'certificate', message: `the certificate is not for ${missing.join(' and ')}: ${instead}` },
  ];
}

function chainProblems(
  leaf: X509Certificate,
  intermediates: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  now: Date,
): Problem[] {
  const inTime = (certificate: X509Certificate): boolean => dateProblems(certificate, 'ca', now).length === 0;
  const found = findChain(leaf, intermediates, roots, inTime);
  if ('obstacle' in found) {
    const chain: Problem = { kind: 'chain', part: 'ca', message: found.obstacle };
    return [chain, ...usageProblems([leaf]), ...dateProblems(leaf, 'certificate', now)];
  }
  const isRoot = (certificate: X509Certificate): boolean => roots.some(({ raw }) => raw.equals(certificate.raw));
  return [
    ...usageProblems(found.chain),
    ...found.chain.flatMap((certificate) =>
      dateProblems(certificate, isRoot(certificate) && certificate !== leaf ? 'ca' : 'certificate', now),
    ),
  ];
}

function usageProblems(chain: readonly X509Certificate[]): Problem[] {
  return chain.flatMap((certificate, index): Problem[] => {
    const message = usageProblem(certificate);
    return message === undefined ? [] : [{ kind: 'usage', part: index === 0 ? 'certificate' : 'ca', message }];
  });
}

function dateProblems(certificate: X509Certificate, part: Part, now: Date): Problem[] {
  const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  const name = nameOf(certificate);
  if (now > to) return [{ kind: 'expired', part, message: `${name} expired at ${instant(to)}` }];
  if (now < from) return [{ kind: 'not-yet-valid', part, message: `${name} is not valid before ${instant(from)}` }];
  const days = Math.floor((to.getTime() - now.getTime()) / DAY_MS);
  if (days >= EXPIRING_DAYS) return [];
  const left = days === 0 ? 'less than a day' : days === 1 ? 'a day' : `${days} days`;
  return [{ kind: 'expiring', part, message: `${name} expires at ${instant(to)}, in ${left}` }];
}

/** To the second: `2036-11-23T02:02:29Z`. */
function instant(date: Date): string {
  return date.toISOString().replace('.000', '');
}
