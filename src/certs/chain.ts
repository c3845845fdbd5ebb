import type { X509Certificate } from 'node:crypto';
import { signatureAlgorithm } from './der.js';

/** From the serving certificate to one that is trusted, or why there is no such way. */
export type ChainSearch = { chain: X509Certificate[] } | { obstacle: string };

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ANY_USAGE = '2.5.29.37.0';

/** Signature algorithms that Go's TLS does not accept, as OpenSSL does not on its default level. */
const WEAK_SIGNATURES: Record<string, string> = {
  '1.2.840.113549.1.1.2': 'MD2',
  '1.2.840.113549.1.1.4': 'MD5',
  '1.2.840.113549.1.1.5': 'SHA-1',
  '1.3.14.3.2.29': 'SHA-1',
  '1.2.840.10040.4.3': 'SHA-1',
  '1.2.840.10045.4.1': 'SHA-1',
};

/**
 * Looks for a chain as Go's crypto/x509 does, the API server's: issuers are matched by name, then by key, and a
 * certificate that is trusted itself needs nobody above it. Of several chains the first is taken in which `isUsable`
 * holds for every certificate, else the first of all: a CA may be there in an old and a new form.
 */
export function findChain(
  leaf: X509Certificate,
  intermediates: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  isUsable: (certificate: X509Certificate) => boolean,
): ChainSearch {
  const search = new Search(intermediates, roots);
  search.extend([leaf]);
  const chain = search.chains.find((candidate) => candidate.every(isUsable)) ?? search.chains[0];
  return chain === undefined ? { obstacle: search.obstacle ?? missingIssuer(leaf) } : { chain };
}

/** Certificates that cross-sign each other make many chains; nobody has this many in earnest. */
const MAX_CHAINS = 100;

class Search {
  readonly chains: X509Certificate[][] = [];
  /** Of the longest way that led nowhere. */
  obstacle: string | undefined;
  private reached = 0;

  constructor(
    private readonly intermediates: readonly X509Certificate[],
    private readonly roots: readonly X509Certificate[],
  ) {}

  extend(way: readonly X509Certificate[]): void {
    const last = way.at(-1)!;
    if (this.roots.some((root) => root.raw.equals(last.raw))) {
      this.chains.push([...way]);
      return;
    }
    const named = (certificate: X509Certificate): boolean =>
      certificate.subject === last.issuer && !way.some(({ raw }) => raw.equals(certificate.raw));
    const candidates = [...this.roots, ...this.intermediates].filter(named);
    if (candidates.length === 0) this.note(way, missingIssuer(last));
    for (const candidate of candidates) {
      const problem = signingProblem(last, candidate);
      if (problem !== undefined) this.note(way, problem);
      else if (this.chains.length < MAX_CHAINS) this.extend([...way, candidate]);
    }
  }

  private note(way: readonly X509Certificate[], obstacle: string): void {
    if (way.length <= this.reached) return;
    this.reached = way.length;
    this.obstacle = obstacle;
  }
}

function missingIssuer(certificate: X509Certificate): string {
  const name = nameOf(certificate);
  if (certificate.issuer === certificate.subject) return `${name} is self-signed and is not in the CA`;
  return `${name} is issued by ${oneLine(certificate.issuer)}, which is neither in the CA nor an intermediate beside the certificate`;
}

function signingProblem(certificate: X509Certificate, issuer: X509Certificate): string | undefined {
  const [name, issuerName] = [nameOf(certificate), nameOf(issuer)];
  if (!certificate.verify(issuer.publicKey)) {
    return `${name} is not signed by the key of ${issuerName}, though that has the name of its issuer`;
  }
  if (!issuer.ca) {
    return `${issuerName} signed ${name}, but may not sign certificates: it needs basicConstraints CA:TRUE, and keyCertSign where it has a keyUsage`;
  }
  const weak = WEAK_SIGNATURES[signatureAlgorithm(certificate.raw)];
  return weak === undefined ? undefined : `${name} is signed with ${weak}, which is not accepted any more`;
}

/** What is wrong with the use a certificate is made for; a CA may restrict what it signs for too. */
export function usageProblem(certificate: X509Certificate): string | undefined {
  // Node.js calls the extended key usage `keyUsage`; a certificate without any may serve for everything.
  const usages = certificate.keyUsage as string[] | undefined;
  if (usages === undefined || usages.length === 0) return undefined;
  if (usages.includes(SERVER_AUTH) || usages.includes(ANY_USAGE)) return undefined;
  return `${nameOf(certificate)} may not be used for servers: its extended key usage is ${usages.map(usageName).join(', ')}, and serverAuth is not among it`;
}

const USAGES: Record<string, string> = {
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
};

function usageName(identifier: string): string {
  return USAGES[identifier] ?? identifier;
}

/** How a certificate is called in messages: by its subject, or by its number where that is empty. */
export function nameOf({ subject, serialNumber }: X509Certificate): string {
  return subject === undefined || subject === ''
    ? `the certificate with serial number ${serialNumber}`
    : oneLine(subject);
}

/** Node.js puts each part of a name on a line of its own. */
export function oneLine(name: string): string {
  return name.replaceAll('\n', ', ');
}
