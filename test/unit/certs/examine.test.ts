import { createPrivateKey, webcrypto } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { examine, isUsable, type Examined, type ProblemKind } from '../../../src/certs/examine.js';
import { authority, CLIENT_AUTH, days, NAME, NOW, serving, type CertificateOptions, type Signed } from './authority.js';

let ca: Signed;
let server: Signed;
let other: Signed;

beforeAll(async () => {
  ca = await authority();
  server = await serving({}, ca);
  other = await authority({ subject: 'CN=Other CA' });
});

/** A sound certificate, but for what is given. */
function examined(parts: Partial<Examined> = {}): ReturnType<typeof examine> {
  const { certificate, privateKey } = server;
  return examine({ certificate, privateKey, ca: ca.certificate, names: [NAME], now: NOW, ...parts });
}

async function examinedAs(options: CertificateOptions, issuer = ca): Promise<ReturnType<typeof examine>> {
  const { certificate, privateKey } = await serving(options, issuer);
  return examined({ certificate, privateKey, ca: issuer.certificate });
}

describe('examine', () => {
  it('finds nothing wrong with a certificate of the CA', () => {
    expect(examined()).toEqual([]);
  });

  it('does not ask for a key that cannot be known', () => {
    expect(examined({ privateKey: undefined })).toEqual([]);
  });

  describe('parts', () => {
    it.each([
      ['the certificate', { certificate: ' \n' }, 'certificate', 'there is no certificate'],
      ['the private key', { privateKey: '' }, 'privateKey', 'there is no private key'],
      ['the CA', { ca: '' }, 'ca', 'there is no CA certificate'],
    ] as const)('names %s that is missing', (_, parts, part, message) => {
      expect(examined(parts)).toEqual([{ kind: 'missing', part, message }]);
    });

    it('says what is there in place of a certificate', () => {
      expect(examined({ certificate: server.privateKey, privateKey: undefined })).toEqual([
        {
          kind: 'unreadable',
          part: 'certificate',
          message: 'there is no certificate in it: it is PEM of the kind PRIVATE KEY',
        },
      ]);
      expect(examined({ ca: 'MIIB' })).toEqual([
        { kind: 'unreadable', part: 'ca', message: 'there is no certificate in it: it is not PEM' },
      ]);
    });

    it('says what is there in place of a private key', () => {
      expect(examined({ privateKey: server.certificate })).toEqual([
        {
          kind: 'unreadable',
          part: 'privateKey',
          message: 'there is no private key in it: it is PEM of the kind CERTIFICATE',
        },
      ]);
    });

    it('tells which block of a CA file is damaged, and goes on with the others', () => {
      const damaged = other.certificate.replace(/\nMII/, '\nAAA');
      expect(examined({ ca: `${damaged}${ca.certificate}` })).toEqual([
        {
          kind: 'unreadable',
          part: 'ca',
          message: 'PEM block 1 of 2 is not a valid X.509 certificate, or is cut off',
        },
      ]);
    });

    it('notices a certificate that is cut off', () => {
      expect(examined({ certificate: server.certificate.slice(0, 300) })).toMatchObject([
        { kind: 'unreadable', part: 'certificate' },
      ]);
    });

    it('notices a key that is damaged, without quoting it', () => {
      const body = server.privateKey.split('\n')[1]!;
      const [problem] = examined({ privateKey: server.privateKey.replace(body, `AAAA${body.slice(4)}`) });
      expect(problem).toEqual({
        kind: 'unreadable',
        part: 'privateKey',
        message: 'the PRIVATE KEY in it cannot be read',
      });
    });

    it.each(['pkcs8', 'sec1'] as const)('notices an encrypted key in the form %s', (type) => {
      const key = createPrivateKey(server.privateKey);
      const privateKey = key.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'marked-passphrase' });
      expect(examined({ privateKey: privateKey.toString() })).toEqual([
        {
          kind: 'encrypted',
          part: 'privateKey',
          message: 'the private key is encrypted, and no server could read it',
        },
      ]);
    });

    it('reads the forms that OpenSSL writes keys in', () => {
      const sec1 = createPrivateKey(server.privateKey).export({ type: 'sec1', format: 'pem' }).toString();
      const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
      expect(examined({ privateKey: sec1 })).toEqual([]);
      expect(examined({ privateKey: `${parameters}${sec1}` })).toEqual([]);
    });

    it('notices that the key belongs to another certificate', () => {
      expect(examined({ privateKey: other.privateKey })).toEqual([
        {
          kind: 'key-mismatch',
          part: 'privateKey',
          message: 'the private key does not belong to the certificate CN=Test server',
        },
      ]);
    });
  });

  describe('names', () => {
    it('tells which name is missing, and which it is for', async () => {
      expect(await examinedAs({ names: ['kthena-router-webhook', '*.default.svc'] })).toEqual([
        {
          kind: 'names',
          part: 'certificate',
          message: `the certificate is not for ${NAME}: it is for DNS:kthena-router-webhook, DNS:*.default.svc`,
        },
      ]);
    });

    it('takes a wildcard for one label', async () => {
      expect(await examinedAs({ names: ['*.kthena-system.svc'] })).toEqual([]);
      expect(await examinedAs({ names: ['*.svc'] })).toMatchObject([{ kind: 'names' }]);
    });

    it('does not take the common name for a name, as Go does not', async () => {
      expect(await examinedAs({ names: [], subject: `CN=${NAME}` })).toEqual([
        {
          kind: 'names',
          part: 'certificate',
          message: `the certificate is not for ${NAME}: it has no subject alternative names, and a common name does not count`,
        },
      ]);
    });
  });

  describe('dates', () => {
    const cases: [string, CertificateOptions, ProblemKind, string][] = [
      ['expired', { notAfter: days(-1) }, 'expired', 'CN=Test server expired at 2026-11-22T12:00:00Z'],
      ['to come', { notBefore: days(1) }, 'not-yet-valid', 'CN=Test server is not valid before 2026-11-24T12:00:00Z'],
      ['soon to end', { notAfter: days(12) }, 'expiring', 'CN=Test server expires at 2026-12-05T12:00:00Z, in 12 days'],
      [
        'ending',
        { notAfter: days(0.5) },
        'expiring',
        'CN=Test server expires at 2026-11-24T00:00:00Z, in less than a day',
      ],
    ];

    it.each(cases)('notices a certificate whose time is %s', async (_, options, kind, message) => {
      const problems = await examinedAs({ notBefore: days(-300), ...options });
      expect(problems).toEqual([{ kind, part: 'certificate', message }]);
    });

    it('is content with one that is valid for 30 days more', async () => {
      expect(await examinedAs({ notAfter: days(30) })).toEqual([]);
    });

    it('looks at the CA too', async () => {
      const old = await authority({ notBefore: days(-300), notAfter: days(-2) });
      expect(await examinedAs({}, old)).toEqual([
        { kind: 'expired', part: 'ca', message: 'CN=Test CA expired at 2026-11-21T12:00:00Z' },
      ]);
    });

    it('takes the renewed CA where the old one is beside it', async () => {
      const old = await authority({ notBefore: days(-300), notAfter: days(-2) });
      const renewed = await authority({ keys: old.keys });
      const { certificate, privateKey } = await serving({}, old);
      expect(examined({ certificate, privateKey, ca: `${old.certificate}${renewed.certificate}` })).toEqual([]);
    });

    it('lets a certificate be used until it expires', async () => {
      expect(isUsable(await examinedAs({ notAfter: days(3) }))).toBe(true);
      expect(isUsable(await examinedAs({ notBefore: days(-9), notAfter: days(-3) }))).toBe(false);
    });
  });

  describe('chain', () => {
    it('tells which issuer is not in the CA', () => {
      expect(examined({ ca: other.certificate })).toEqual([
        {
          kind: 'chain',
          part: 'ca',
          message:
            'CN=Test server is issued by CN=Test CA, which is neither in the CA nor an intermediate beside the certificate',
        },
      ]);
    });

    it('notices a CA of the same name with another key', async () => {
      const namesake = await authority();
      expect(examined({ ca: namesake.certificate })).toEqual([
        {
          kind: 'chain',
          part: 'ca',
          message: 'CN=Test server is not signed by the key of CN=Test CA, though that has the name of its issuer',
        },
      ]);
    });

    it('goes over intermediates that stand beside the certificate', async () => {
      const between = await authority({ subject: 'CN=Intermediate' }, ca);
      const { certificate, privateKey } = await serving({}, between);
      expect(examined({ certificate: certificate + between.certificate, privateKey })).toEqual([]);
      expect(examined({ certificate, privateKey })).toMatchObject([
        { kind: 'chain', message: expect.stringContaining('is issued by CN=Intermediate, which is neither') },
      ]);
    });

    it('stops at an intermediate that is trusted itself, as Go does', async () => {
      const between = await authority({ subject: 'CN=Intermediate' }, other);
      const { certificate, privateKey } = await serving({}, between);
      expect(examined({ certificate, privateKey, ca: between.certificate })).toEqual([]);
    });

    it('is not led in circles by CAs that sign each other', async () => {
      const [one, two] = [await authority({ subject: 'CN=One' }), await authority({ subject: 'CN=Two' })];
      const crossed = await authority({ subject: 'CN=One', keys: one.keys }, two);
      const back = await authority({ subject: 'CN=Two', keys: two.keys }, one);
      const { certificate, privateKey } = await serving({}, one);
      expect(examined({ certificate: certificate + crossed.certificate + back.certificate, privateKey })).toMatchObject(
        [{ kind: 'chain' }],
      );
    });

    it('accepts a self-signed certificate that is the CA itself, whatever it may sign', async () => {
      const { certificate, privateKey } = await serving();
      expect(examined({ certificate, privateKey, ca: certificate })).toEqual([]);
      expect(examined({ certificate, privateKey, ca: ca.certificate })).toEqual([
        { kind: 'chain', part: 'ca', message: 'CN=Test server is self-signed and is not in the CA' },
      ]);
    });

    it('needs no subject, as cert-manager makes self-signed certificates', async () => {
      const { certificate, privateKey } = await serving({ subject: '', notAfter: days(9) });
      const [problem, ...others] = examined({ certificate, privateKey, ca: certificate });
      expect(others).toEqual([]);
      expect(problem!.message).toMatch(/^the certificate with serial number 4[0-9A-F]+ expires at /);
    });

    it.each<[string, CertificateOptions]>([
      ['is no CA', { isAuthority: false }],
      ['may not sign certificates', { keyUsage: 'digitalSignature' }],
    ])('refuses an issuer that %s', async (_, options) => {
      const issuer = await authority(options);
      expect(await examinedAs({}, issuer)).toEqual([
        {
          kind: 'chain',
          part: 'ca',
          message:
            'CN=Test CA signed CN=Test server, but may not sign certificates: it needs basicConstraints CA:TRUE, and keyCertSign where it has a keyUsage',
        },
      ]);
    });

    it('refuses signatures with SHA-1, but not the one of the CA itself', async () => {
      expect(await examinedAs({ hash: 'SHA-1' })).toEqual([
        {
          kind: 'chain',
          part: 'ca',
          message: 'CN=Test server is signed with SHA-1, which is not accepted any more',
        },
      ]);
      expect(await examinedAs({}, await authority({ hash: 'SHA-1' }))).toEqual([]);
    });
  });

  describe('usage', () => {
    it('refuses a certificate for clients', async () => {
      expect(await examinedAs({ usages: [CLIENT_AUTH, '1.2.3.4'] })).toEqual([
        {
          kind: 'usage',
          part: 'certificate',
          message:
            'CN=Test server may not be used for servers: its extended key usage is clientAuth, 1.2.3.4, and serverAuth is not among it',
        },
      ]);
    });

    it('takes one without extended key usage, or for any', async () => {
      expect(await examinedAs({ usages: [] })).toEqual([]);
      expect(await examinedAs({ usages: ['2.5.29.37.0'] })).toEqual([]);
    });

    it('refuses a CA that is for others than servers', async () => {
      expect(await examinedAs({}, await authority({ usages: [CLIENT_AUTH] }))).toMatchObject([
        { kind: 'usage', part: 'ca' },
      ]);
    });
  });

  it('reports everything that is wrong at once', async () => {
    const { certificate } = await serving({ names: ['else'], notBefore: days(-9), notAfter: days(-3) }, other);
    const kinds = examined({ certificate }).map(({ kind }) => kind);
    expect(kinds).toEqual(['key-mismatch', 'names', 'chain', 'expired']);
  });

  it('examines RSA as it does elliptic curves', async () => {
    const rsa = {
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: 2048,
      publicExponent: Buffer.from([1, 0, 1]),
      hash: 'SHA-256',
    };
    const keys = await webcrypto.subtle.generateKey(rsa, true, ['sign', 'verify']);
    expect(await examinedAs({ keys })).toEqual([]);
  });
});
