import type { CertificateStatus } from '../actions/certs-status.js';
import { formatRef, type ObjectRef } from '../kube/object.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { oneLine } from './printable.js';
import { formatStructured, type StructuredFormat } from './structured.js';
import { formatTable } from './table.js';

const HEADER = ['SECRET', 'STATE', 'MODE', 'EXPIRES', 'ISSUER', 'NAMES', 'USED BY'];
const DAY_MS = 86_400_000;
const DAYS_PER_YEAR = 365.25;

/** A line for each certificate, and below them where the parts do not agree. */
export function presentCertificates(
  release: ReleaseIdentity,
  certificates: readonly CertificateStatus[],
  format: 'table' | StructuredFormat,
  now: Date,
  width?: number,
): string {
  if (format !== 'table') return formatStructured({ release, certificates: certificates.map(documentOf) }, format);
  if (certificates.length === 0) {
    return `Release ${release.name} in namespace ${release.namespace} serves no webhooks, and needs no certificate.\n`;
  }
  const lines = certificates.flatMap(({ disagreements }) =>
    disagreements.map(({ object, message }) => `  ${formatRef(object)}: ${oneLine(message)}\n`),
  );
  const what = lines.length === 0 ? '' : `\nWhat is not as it should be:\n${[...new Set(lines)].join('')}`;
  return `${formatTable(
    HEADER,
    certificates.map((certificate) => rowOf(certificate, now)),
    width,
  )}${what}`;
}

function rowOf({ use, certificate, state }: CertificateStatus, now: Date): string[] {
  return [
    use.secret.name,
    state,
    use.mode,
    certificate === undefined ? '' : `${dayOf(certificate.notAfter)} (${distance(certificate.notAfter, now)})`,
    certificate === undefined ? '' : issuerOf(certificate),
    oneLine((certificate?.names ?? []).join(',')),
    usersOf(use).join(','),
  ];
}

/** The stable form for scripts; it has no key, nor anything made of one. */
function documentOf({ use, certificate, state, disagreements }: CertificateStatus): unknown {
  return {
    secret: use.secret,
    for: use.for,
    mode: use.mode,
    state,
    certificate: certificate === undefined ? null : factsDocument(certificate),
    deployment: use.deployment,
    port: use.podPort ?? null,
    configurations: use.configurations,
    problems: disagreements,
  };
}

function factsDocument({ notBefore, notAfter, ...facts }: NonNullable<CertificateStatus['certificate']>): unknown {
  return { ...facts, notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString() };
}

function issuerOf({ issuer, subject }: NonNullable<CertificateStatus['certificate']>): string {
  return issuer === subject ? 'self-signed' : oneLine(issuer);
}

function usersOf({ for: purpose, deployment, configurations }: CertificateStatus['use']): string[] {
  const server = purpose === 'router' ? `${shortRef(deployment)} (inference port)` : shortRef(deployment);
  return [server, ...configurations.map(shortRef)];
}

/** All objects with a namespace are in that of the release. */
function shortRef({ kind, name }: ObjectRef): string {
  return `${kind}/${name}`;
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** `in 9y`, `in 12d`, `3h ago`: the largest unit, rounded down. */
function distance(date: Date, now: Date): string {
  const span = Math.abs(date.getTime() - now.getTime());
  const days = span / DAY_MS;
  const units: [number, string][] = [
    [days / DAYS_PER_YEAR, 'y'],
    [days, 'd'],
    [days * 24, 'h'],
  ];
  const [count, unit] = units.find(([number]) => number >= 1) ?? [days * 24 * 60, 'm'];
  const text = `${Math.floor(count)}${unit}`;
  return date < now ? `${text} ago` : `in ${text}`;
}
