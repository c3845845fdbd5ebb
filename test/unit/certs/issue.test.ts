import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../../../src/certs/examine.js';
import { issueCertificate, type KeyPairFiles } from '../../../src/certs/issue.js';

const NAMES = ['kthena-router-webhook.kthena-system.svc', 'kthena-router-webhook.kthena-system.svc.cluster.local'];
const now = new Date();

describe('issueCertificate', () => {
  let issued: KeyPairFiles;
  let folder: string;

  beforeAll(async () => {
    issued = await issueCertificate({ names: NAMES, now });
    folder = await mkdtemp(join(tmpdir(), 'kthena-certs-'));
    for (const [part, text] of Object.entries(issued)) await writeFile(join(folder, part), text);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('makes a certificate in which nothing is wrong', () => {
    expect(examine({ ...issued, names: NAMES, now })).toEqual([]);
  });

  it('is valid for ten years, and already an hour ago for clocks that are behind', () => {
    for (const pem of [issued.certificate, issued.ca]) {
      const { validFrom, validTo } = new X509Certificate(pem);
      expect(new Date(validFrom).getTime()).toBe(Math.floor((now.getTime() - 3_600_000) / 1000) * 1000);
      expect(new Date(validTo).getUTCFullYear()).toBe(new Date(validFrom).getUTCFullYear() + 10);
    }
  });

  it('writes years from 2050 on as RFC 5280 wants them', async () => {
    const later = new Date('2045-06-01T10:00:00.123Z');
    const { certificate } = await issueCertificate({ names: NAMES, now: later });
    const { validFrom, validTo } = new X509Certificate(certificate);
    expect([validFrom, validTo]).toEqual(['Jun  1 09:00:00 2045 GMT', 'Jun  1 09:00:00 2055 GMT']);
  });

  it('has keys on P-256, the CA another than the server', () => {
    const [server, ca] = [new X509Certificate(issued.certificate), new X509Certificate(issued.ca)];
    for (const { publicKey } of [server, ca]) {
      expect(publicKey.asymmetricKeyType).toBe('ec');
      expect(publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    }
    expect(server.publicKey.equals(ca.publicKey)).toBe(false);
  });

  it('makes another CA, of another name, each time', async () => {
    const again = await issueCertificate({ names: NAMES, now });
    const [one, other] = [new X509Certificate(issued.ca), new X509Certificate(again.ca)];
    expect(one.subject).not.toBe(other.subject);
    expect(examine({ ...issued, ca: again.ca, names: NAMES, now }).map(({ kind }) => kind)).toEqual(['chain']);
  });

  it.each(NAMES)('is what a client that trusts the CA connects to as %s', async (servername) => {
    const port = await listening(issued);
    await expect(peerOf({ port, servername, ca: issued.ca })).resolves.toMatchObject({ CN: 'Kthena webhook' });
  });

  it('is refused under another name, and by a client that trusts another CA', async () => {
    const port = await listening(issued);
    const { ca } = await issueCertificate({ names: NAMES, now });
    await expect(peerOf({ port, servername: 'other.kthena-system.svc', ca: issued.ca })).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    await expect(peerOf({ port, servername: NAMES[0]!, ca })).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
  });

  it.skipIf(!hasOpenssl())('stands the strict test of OpenSSL', () => {
    const verify = ['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_hostname', NAMES[0]!];
    const output = openssl([...verify, '-CAfile', join(folder, 'ca'), join(folder, 'certificate')]);
    expect(output).toContain('OK');
    const text = openssl(['x509', '-in', join(folder, 'certificate'), '-noout', '-text']);
    expect(text).toMatch(/X509v3 Key Usage: critical\s+Digital Signature\s/);
    expect(text).toMatch(/X509v3 Extended Key Usage: ?\s+TLS Web Server Authentication\s/);
    const authority = openssl(['x509', '-in', join(folder, 'ca'), '-noout', '-text']);
    expect(authority).toMatch(/X509v3 Basic Constraints: critical\s+CA:TRUE, pathlen:0\s/);
    expect(authority).toMatch(/X509v3 Key Usage: critical\s+Certificate Sign\s/);
  });

  const closing: (() => void)[] = [];
  afterAll(() => closing.forEach((close) => close()));

  function listening({ certificate, privateKey }: KeyPairFiles): Promise<number> {
    const server = createServer({ cert: certificate, key: privateKey });
    closing.push(() => server.close());
    return new Promise((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    );
  }
});

function peerOf(options: { port: number; servername: string; ca: string }): Promise<Record<string, string>> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host: '127.0.0.1', ...options }, () => {
      resolve(socket.getPeerCertificate().subject as unknown as Record<string, string>);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

function openssl(args: string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8' });
}

function hasOpenssl(): boolean {
  try {
    return openssl(['version']) !== '';
  } catch {
    return false;
  }
}
