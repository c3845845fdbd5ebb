import type { X509Certificate } from 'node:crypto';
import { readCertificates } from './pem.js';

/** The certificates that can be read in a PEM text; those that cannot are `examine`'s to report. */
export function certificatesOf(pem: string): X509Certificate[] {
  return readCertificates(pem).filter((certificate) => certificate !== undefined);
}

/** Whether `bundle` holds every certificate of `wanted`. A `wanted` without any is covered by nothing: it would verify nobody. */
export function covers(bundle: string, wanted: string): boolean {
  const there = identities(bundle);
  const needed = identities(wanted);
  return needed.size > 0 && [...needed].every((identity) => there.has(identity));
}

/** Whether both hold the same certificates, in whatever order and however often. */
export function sameCertificates(one: string, other: string): boolean {
  const [first, second] = [identities(one), identities(other)];
  return first.size === second.size && [...first].every((identity) => second.has(identity));
}

/** One PEM text with every certificate of the others once, in the order of their first appearance. */
export function joinedBundle(...pems: readonly string[]): string {
  const all = pems.flatMap(certificatesOf).map((certificate) => [certificate.fingerprint256, certificate] as const);
  return [...new Map(all).values()].map((certificate) => certificate.toString()).join('');
}

/** A PEM text in the form of a webhook's `clientConfig.caBundle`. */
export function toCaBundle(pem: string): string {
  return Buffer.from(pem).toString('base64');
}

/** The PEM text of a webhook's `clientConfig.caBundle`; empty where there is none. */
export function fromCaBundle(base64: string | undefined): string {
  return Buffer.from(base64 ?? '', 'base64').toString('utf8');
}

function identities(pem: string): Set<string> {
  return new Set(certificatesOf(pem).map(({ fingerprint256 }) => fingerprint256));
}
