import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkTlsFiles } from '../../../src/certs/files.js';
import { secretFor, keyPairIn } from '../../../src/certs/secret.js';
import type { ServedWebhooks } from '../../../src/certs/serving.js';
import { readTlsFiles, type TlsFlags, type TlsPaths } from '../../../src/certs/tls-files.js';
import { KthenaError } from '../../../src/errors.js';
import { authority, days, NOW, serving, type Signed } from './authority.js';

let folder: string;
let ca: Signed;

const ROUTER = servedBy('kthena-router', 'kthena-router-webhook');
const MANAGER = servedBy('kthena-controller-manager', 'kthena-controller-manager-webhook');
const BOTH = [ROUTER.serverName, MANAGER.serverName];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kthena-tls-files-'));
  ca = await authority();
  await write('ca.pem', ca.certificate);
  await writePair('both', await serving({ names: BOTH }, ca));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('certificate files', () => {
  it('become the Secrets of all components, with the CA that the webhooks trust', async () => {
    const files = await readTlsFiles(flags(paths('both')));
    expect(files.ca).toBe(ca.certificate);
    const { certificates, warnings } = checkTlsFiles(files, [ROUTER, MANAGER], NOW);
    expect(warnings).toEqual([]);
    expect(certificates.map(({ secret }) => secret.name)).toEqual([ROUTER.secret.name, MANAGER.secret.name]);
    expect(new Set(certificates.map(({ files }) => JSON.stringify(files))).size).toBe(1);
  });

  it('of one component go before those for all, part by part', async () => {
    const own = await authority({ subject: 'CN=Own CA' });
    await write('own-ca.pem', own.certificate);
    await writePair('router', await serving({ names: [ROUTER.serverName] }, own));
    await writePair('manager', await serving({ names: [MANAGER.serverName] }, ca));
    const files = await readTlsFiles(
      flags(
        { ca: file('ca.pem') },
        { ...paths('router'), ca: file('own-ca.pem') },
        { certificate: file('manager.pem'), privateKey: file('manager-key.pem') },
      ),
    );
    expect(files.ca).toBe(own.certificate + ca.certificate);
    const { certificates } = checkTlsFiles(files, [ROUTER, MANAGER], NOW);
    expect(certificates.map((given) => given.files.ca)).toEqual([own.certificate, ca.certificate]);
  });

  it('are told by flag, path and cause where they do not do', async () => {
    await writePair('wrong', await serving({ names: ['else.models.svc'], notAfter: days(-0.5) }, ca));
    const files = await readTlsFiles(flags({ ...paths('both'), certificate: file('wrong.pem') }));
    expect(problemsOf(() => checkTlsFiles(files, [ROUTER, MANAGER], NOW))).toEqual([
      `--tls-private-key-file ${file('both-key.pem')}: the private key does not belong to the certificate CN=Test server`,
      `--tls-cert-file ${file('wrong.pem')}: the certificate is not for ${BOTH[0]}: it is for DNS:else.models.svc`,
      `--tls-cert-file ${file('wrong.pem')}: CN=Test server expired at 2026-11-23T00:00:00Z`,
      `--tls-cert-file ${file('wrong.pem')}: the certificate is not for ${BOTH[1]}: it is for DNS:else.models.svc`,
    ]);
  });

  it('that expire soon are taken, with a warning that stands once', async () => {
    await writePair('late', await serving({ names: BOTH, notAfter: days(5) }, ca));
    const { warnings } = checkTlsFiles(await readTlsFiles(flags(paths('late'))), [ROUTER, MANAGER], NOW);
    expect(warnings).toEqual([
      `--tls-cert-file ${file('late.pem')}: CN=Test server expires at 2026-11-28T12:00:00Z, in 5 days`,
    ]);
  });

  it('are refused where parts of them are missing', async () => {
    const files = await readTlsFiles(flags({}, paths('both')));
    expect(problemsOf(() => checkTlsFiles(files, [ROUTER, MANAGER], NOW))).toEqual([
      'kthena-controller-manager: --controller-manager-tls-cert-file or --tls-cert-file is missing',
      'kthena-controller-manager: --controller-manager-tls-private-key-file or --tls-private-key-file is missing',
      'kthena-controller-manager: --controller-manager-tls-ca-file or --tls-ca-file is missing',
    ]);
    await expect(readTlsFiles(flags({ certificate: file('both.pem') }))).rejects.toThrow(
      '--tls-cert-file: --tls-ca-file is missing',
    );
  });

  it('are refused where they would do nothing', async () => {
    const files = await readTlsFiles(flags(paths('both'), { certificate: file('both.pem') }));
    expect(() => checkTlsFiles(files, [MANAGER], NOW)).toThrow(
      '--router-tls-cert-file: with these values this component serves no webhooks',
    );
    expect(() => checkTlsFiles(files, [], NOW)).toThrow(
      '--tls-cert-file: with these values no component serves webhooks',
    );
    expect(checkTlsFiles(await readTlsFiles(flags(paths('both'))), [MANAGER], NOW).certificates).toHaveLength(1);
  });

  it('with an encrypted key are refused with how to decrypt it', async () => {
    const { certificate, privateKey } = await serving({ names: BOTH }, ca);
    const key = createPrivateKey(privateKey);
    await write('locked.pem', certificate);
    const encrypted = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();
    await write('locked-key.pem', encrypted);
    const files = await readTlsFiles(flags(paths('locked')));
    const error = thrownBy(() => checkTlsFiles(files, [ROUTER], NOW));
    expect(error.details).toEqual([
      `--tls-private-key-file ${file('locked-key.pem')}: the private key is encrypted, and no server could read it`,
    ]);
    expect(error.hint).toContain(`openssl pkey -in ${file('locked-key.pem')}`);
  });

  it('that cannot be read are named with their flag', async () => {
    const missing = { ...paths('both'), ca: file('nowhere.pem') };
    await expect(readTlsFiles(flags(missing))).rejects.toThrow(`--tls-ca-file ${file('nowhere.pem')}: no such file`);
    await expect(readTlsFiles(flags({}, { ca: folder }))).rejects.toThrow(
      `--router-tls-ca-file ${folder}: this is a folder, not a file`,
    );
    await expect(readTlsFiles(flags({ ca: '/dev/zero' }))).rejects.toThrow('larger than 1 MiB');
    await expect(readTlsFiles(flags({ ca: file('both-key.pem') }))).rejects.toThrow(
      'there is no certificate in it: it is PEM of the kind PRIVATE KEY',
    );
  });

  it('never let a private key into the parts that are public', async () => {
    const pair = await serving({ names: BOTH }, ca);
    await write('all.pem', pair.privateKey + pair.certificate + ca.certificate);
    const all = file('all.pem');
    const files = await readTlsFiles(flags({ certificate: all, privateKey: all, ca: all }));
    expect(files.ca).not.toContain('PRIVATE');
    const [given] = checkTlsFiles(files, [ROUTER], NOW).certificates;
    expect(given!.files.certificate).toBe(pair.certificate + ca.certificate);
    expect(given!.files.ca).not.toContain('PRIVATE');
    expect(given!.files.privateKey).toBe(pair.privateKey);
  });
});

describe('the Secret of a certificate', () => {
  it('holds what went into it, and says whose it is', async () => {
    const { certificate, privateKey } = await serving({}, ca);
    const files = { certificate, privateKey, ca: ca.certificate };
    const secret = secretFor(ROUTER.secret, files, { name: 'mine', namespace: 'kthena-system' });
    expect(secret).toMatchObject({
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: {
        name: 'kthena-router-webhook-certs',
        namespace: 'kthena-system',
        annotations: { 'meta.helm.sh/release-name': 'mine' },
      },
    });
    expect(keyPairIn(secret)).toEqual(files);
    expect(keyPairIn({ ...secret, data: {} })).toEqual({ certificate: '', privateKey: '', ca: '' });
  });
});

function servedBy(deployment: string, service: string): ServedWebhooks {
  const namespace = 'kthena-system';
  return {
    service: { name: service, namespace },
    configurations: [],
    deployment: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: deployment },
    secret: { apiVersion: 'v1', kind: 'Secret', namespace, name: `${service}-certs` },
    serverName: `${service}.${namespace}.svc`,
    names: [`${service}.${namespace}.svc`],
    mode: 'manual',
    podPort: 8443,
  };
}

function file(name: string): string {
  return join(folder, name);
}

function write(name: string, text: string): Promise<void> {
  return writeFile(file(name), text);
}

async function writePair(name: string, { certificate, privateKey }: Signed): Promise<void> {
  await write(`${name}.pem`, certificate);
  await write(`${name}-key.pem`, privateKey);
}

function paths(name: string): TlsPaths {
  return { certificate: file(`${name}.pem`), privateKey: file(`${name}-key.pem`), ca: file('ca.pem') };
}

function flags(all: TlsPaths, router: TlsPaths = {}, manager: TlsPaths = {}): TlsFlags {
  return { all, components: { 'kthena-router': router, 'kthena-controller-manager': manager } };
}

function thrownBy(work: () => unknown): KthenaError {
  try {
    work();
  } catch (error) {
    if (error instanceof KthenaError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function problemsOf(work: () => unknown): readonly string[] {
  return thrownBy(work).details;
}
