import { webcrypto } from 'node:crypto';
import { loadX509 } from '../../../src/certs/x509.js';

/** What a test certificate is like; what is left out is as it should be. */
export interface CertificateOptions {
  subject?: string;
  names?: string[];
  notBefore?: Date;
  notAfter?: Date;
  /** May it sign others? */
  isAuthority?: boolean;
  /** Identifiers of its extended key usage; empty for none. */
  usages?: string[];
  /** Of the keyUsage extension; without it there is none. */
  keyUsage?: 'digitalSignature' | 'keyCertSign';
  /** The hash its issuer signs with. */
  hash?: 'SHA-1' | 'SHA-256';
  keys?: webcrypto.CryptoKeyPair;
}

/** A certificate with its key, as PEM, and what is needed to sign others with it. */
export interface Signed {
  certificate: string;
  privateKey: string;
  subject: string;
  keys: webcrypto.CryptoKeyPair;
}

export const NOW = new Date('2026-11-23T12:00:00Z');
export const NAME = 'kthena-router-webhook.kthena-system.svc';
export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

export function days(count: number, from: Date = NOW): Date {
  return new Date(from.getTime() + count * 86_400_000);
}

export function ecKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
}

/** A certificate authority, signed by `issuer` or by itself. */
export function authority(options: CertificateOptions = {}, issuer?: Signed): Promise<Signed> {
  return sign({ subject: 'CN=Test CA', isAuthority: true, usages: [], names: [], ...options }, issuer);
}

/** A serving certificate, signed by `issuer` or by itself. */
export function serving(options: CertificateOptions = {}, issuer?: Signed): Promise<Signed> {
  return sign({ subject: 'CN=Test server', ...options }, issuer);
}

async function sign(options: CertificateOptions, issuer: Signed | undefined): Promise<Signed> {
  const x509 = await loadX509();
  const { subject = 'CN=Test', hash = 'SHA-256', notBefore = days(-1), notAfter = days(365) } = options;
  const keys = options.keys ?? (await ecKeys());
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject,
      issuer: issuer?.subject ?? subject,
      serialNumber: `4${webcrypto.randomUUID().replaceAll('-', '').slice(1)}`,
      notBefore,
      notAfter,
      publicKey: keys.publicKey,
      signingKey: (issuer?.keys ?? keys).privateKey,
      signingAlgorithm: { name: 'ECDSA', hash },
      extensions: await extensionsOf(options),
    },
    webcrypto,
  );
  const privateKey = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificate: `${certificate.toString('pem')}\n`,
    privateKey: `${x509.PemConverter.encode(privateKey, 'PRIVATE KEY')}\n`,
    subject,
    keys,
  };
}

async function extensionsOf({
  isAuthority = false,
  keyUsage,
  usages = [SERVER_AUTH],
  names = [NAME],
}: CertificateOptions) {
  const x509 = await loadX509();
  const dns = names.map((value) => ({ type: 'dns' as const, value }));
  return [
    new x509.BasicConstraintsExtension(isAuthority, undefined, true),
    ...(keyUsage === undefined ? [] : [new x509.KeyUsagesExtension(x509.KeyUsageFlags[keyUsage], true)]),
    ...(usages.length === 0 ? [] : [new x509.ExtendedKeyUsageExtension(usages)]),
    ...(dns.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(dns)]),
  ];
}
