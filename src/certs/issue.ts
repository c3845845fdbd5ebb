import { webcrypto } from 'node:crypto';
import { loadX509 } from './x509.js';

/** The three parts of a serving certificate, each as PEM; `certificate` is followed by its intermediates, if there are any. */
export interface KeyPairFiles {
  certificate: string;
  privateKey: string;
  ca: string;
}

export interface IssueRequest {
  /** The DNS names it is for; at least one. */
  names: readonly string[];
  now: Date;
}

type X509 = Awaited<ReturnType<typeof loadX509>>;

const KEYS = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' };
/** As long as the certificates that the components make for themselves: nothing renews them on its own. */
const YEARS = 10;
/** The clock of the API server may be behind this one. */
const SKEW_MS = 3_600_000;

/**
 * A serving certificate for these names, signed by a CA of its own. The key of the CA is gone when this returns: whoever
 * trusts the CA trusts this one certificate.
 */
export async function issueCertificate({ names, now }: IssueRequest): Promise<KeyPairFiles> {
  const x509 = await loadX509();
  const [authority, server] = await Promise.all([generateKeys(), generateKeys()]);
  // A name of its own each time: two of these CAs may stand in one bundle while one takes the place of the other.
  const issuer = `CN=Kthena webhook CA ${serialNumber().slice(0, 8)}`;
  const validity = validityFrom(now);
  const [ca, certificate] = await Promise.all([
    x509.X509CertificateGenerator.createSelfSigned(
      {
        ...validity,
        serialNumber: serialNumber(),
        name: issuer,
        keys: authority,
        signingAlgorithm: SIGNATURE,
        extensions: await authorityExtensions(x509, authority),
      },
      webcrypto,
    ),
    x509.X509CertificateGenerator.create(
      {
        ...validity,
        serialNumber: serialNumber(),
        subject: 'CN=Kthena webhook',
        issuer,
        publicKey: server.publicKey,
        signingKey: authority.privateKey,
        signingAlgorithm: SIGNATURE,
        extensions: await serverExtensions(x509, names, server, authority),
      },
      webcrypto,
    ),
  ]);
  const privateKey = await webcrypto.subtle.exportKey('pkcs8', server.privateKey);
  return {
    certificate: `${certificate.toString('pem')}\n`,
    privateKey: `${x509.PemConverter.encode(privateKey, 'PRIVATE KEY')}\n`,
    ca: `${ca.toString('pem')}\n`,
  };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEYS, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
}

async function authorityExtensions(x509: X509, { publicKey }: webcrypto.CryptoKeyPair) {
  return [
    new x509.BasicConstraintsExtension(true, 0, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    await x509.SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
  ];
}

async function serverExtensions(
  x509: X509,
  names: readonly string[],
  server: webcrypto.CryptoKeyPair,
  authority: webcrypto.CryptoKeyPair,
) {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value }))),
    await x509.SubjectKeyIdentifierExtension.create(server.publicKey, false, webcrypto),
    await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey, false, webcrypto),
  ];
}

/** Times in certificates are whole seconds. */
function validityFrom(now: Date): { notBefore: Date; notAfter: Date } {
  const notBefore = new Date(Math.floor((now.getTime() - SKEW_MS) / 1000) * 1000);
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS);
  return { notBefore, notAfter };
}

/** 127 random bits, in hexadecimal digits: it must be positive. */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(Buffer.alloc(16));
  bytes[0]! &= 0x7f;
  bytes[0]! |= 0x40;
  return bytes.toString('hex');
}
