import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromCaBundle, sameCertificates } from '../../../src/certs/bundle.js';
import { startControlPlane, type CommandResult, type ControlPlane } from '../../cluster/index.mjs';
import { runKthena } from '../install/program.js';
import { callsFor, create, oneOfEach, pathsCalled, PATHS } from './admission.js';
import { signedByCa, type KeyPair } from './openssl.js';
import { COMPONENTS, keyPairFrom, NAMESPACE, namesOf, trustIn } from './served.js';
import { holdsKey } from './setup.js';
import { standIn, type StandIn } from './stand-in.js';

let cluster: ControlPlane;
let components: StandIn;
let folder: string;
/** Everything that any command has printed. */
let outputs = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kthena-files-'));
  cluster = await startControlPlane({ podsAnswer: true });
  components = standIn(cluster, NAMESPACE);
});
afterAll(async () => {
  await components.close();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

async function kthena(...args: string[]): Promise<CommandResult> {
  const result = await runKthena([...args, '--debug'], { env: cluster.env, cwd: folder });
  outputs += result.stdout + result.stderr;
  return result;
}

/** Writes a pair, and gives the flags for it. */
async function filesOf(name: string, { certificate, privateKey, ca }: KeyPair, prefix = '--tls'): Promise<string[]> {
  await writeFile(join(folder, `${name}.crt`), certificate);
  await writeFile(join(folder, `${name}.key`), privateKey);
  await writeFile(join(folder, `${name}-ca.crt`), ca);
  const flags = [`${prefix}-cert-file`, `${name}.crt`, `${prefix}-private-key-file`, `${name}.key`];
  return [...flags, `${prefix}-ca-file`, `${name}-ca.crt`];
}

const namesOfBoth = (): string[] => COMPONENTS.map((component) => namesOf(component)[0]!);

/** The certificates that answered the API server for the resources of this name, and that every webhook was called. */
async function servedFor(name: string): Promise<string[]> {
  expect(await create(cluster, oneOfEach(name, 'default'), '--dry-run=server')).toMatchObject({ code: 0 });
  expect(pathsCalled(components, name)).toEqual(PATHS);
  return [...new Set(callsFor(components.calls, name).map(({ fingerprint }) => fingerprint))];
}

const fingerprintOf = ({ certificate }: KeyPair): string => new X509Certificate(certificate).fingerprint256;

/** The records of the release, unpacked: they are what everybody may read who may read the release. */
async function records(): Promise<string> {
  const { body } = await cluster.request('GET', `/api/v1/namespaces/${NAMESPACE}/secrets?labelSelector=owner%3Dhelm`);
  const items = (body as { items: { data: { release: string } }[] }).items;
  return items
    .map(({ data }) => Buffer.from(Buffer.from(data.release, 'base64').toString(), 'base64'))
    .map((packed) => gunzipSync(packed).toString())
    .join('\n');
}

describe('certificates from files', () => {
  let first: KeyPair;
  let second: KeyPair;

  it('that do not do are refused before anything is written', async () => {
    const wrong = await signedByCa(['kthena-router-webhook.elsewhere.svc']);
    const { code, stderr } = await kthena('install', ...(await filesOf('wrong', wrong)));
    expect(code).toBe(1);
    expect(stderr).toContain(
      `--tls-cert-file wrong.crt: the certificate is not for ${namesOfBoth()[0]}: it is for DNS:kthena-router-webhook.elsewhere.svc`,
    );
    expect((await cluster.request('GET', `/api/v1/namespaces/${NAMESPACE}`)).status).toBe(404);
    expect(holdsKey(outputs, wrong)).toBe(false);
  });

  it('serve every webhook after an install, and their CA is trusted', async () => {
    first = await signedByCa(namesOfBoth());
    const flags = await filesOf('first', first);
    expect((await kthena('check', '--pre', ...flags)).stdout).toMatch(/✓ certificates/);
    const { code, stderr } = await kthena('install', ...flags);
    expect(code).toBe(0);
    expect(stderr).toContain('--tls-ca-file: global.certManagementMode becomes manual');
    expect(await servedFor('first')).toEqual([fingerprintOf(first)]);
    expect(components.starts.every(({ foundSecret }) => foundSecret)).toBe(true);
    for (const component of COMPONENTS) {
      const trusted = await trustIn(cluster, component);
      expect(trusted.every((ca) => sameCertificates(ca, first.ca))).toBe(true);
    }
    expect(await kthena('certs', 'status')).toMatchObject({ code: 0, stdout: expect.stringContaining('manual') });
  });

  it('stay over an upgrade without them', async () => {
    const { code } = await kthena('upgrade', '--yes', '--set', 'workload.controllerManager.replicas=2');
    expect(code).toBe(0);
    expect(await servedFor('kept')).toEqual([fingerprintOf(first)]);
  });

  it('are replaced by others, one for each component, with both CAs in the values', async () => {
    const [router, manager] = await Promise.all(COMPONENTS.map((component) => signedByCa([namesOf(component)[0]!])));
    second = router!;
    const flags = [
      ...(await filesOf('router', router!, '--router-tls')),
      ...(await filesOf('manager', manager!, '--controller-manager-tls')),
    ];
    const diff = await kthena('diff', ...flags);
    expect(diff.stdout).toContain('update Secret/kthena-system/kthena-router-webhook-certs');
    expect(await kthena('upgrade', '--yes', ...flags)).toMatchObject({ code: 0 });
    expect((await servedFor('second')).sort()).toEqual([router!, manager!].map(fingerprintOf).sort());
    expect(await kthena('certs', 'status')).toMatchObject({ code: 0 });
    const { stdout } = await kthena('get', 'values', '-o', 'json');
    const { global } = JSON.parse(stdout) as { global: { webhook: { caBundle: string } } };
    expect(sameCertificates(fromCaBundle(global.webhook.caBundle), router!.ca + manager!.ca)).toBe(true);
    expect(holdsKey(outputs, router!, manager!)).toBe(false);
  });

  it('leave their keys in the Secrets, and nowhere else', async () => {
    expect((await keyPairFrom(cluster, COMPONENTS[0]!))?.privateKey.trim()).toBe(second.privateKey.trim());
    for (const args of [
      ['install', '--dry-run=client', '-o', 'json'],
      ['install', '--dry-run=client'],
      ['diff', '-o', 'yaml'],
      ['get', 'manifest'],
    ]) {
      await kthena(...args, ...(args[0] === 'get' ? [] : await filesOf('first', first)));
    }
    expect(holdsKey(outputs, first, second)).toBe(false);
    expect(holdsKey(await records(), first, second)).toBe(false);
    expect(await records()).toContain(Buffer.from(second.ca).toString('base64').slice(0, 60));
  });

  it('go with the release', async () => {
    expect(await kthena('uninstall', '--wait')).toMatchObject({ code: 0 });
    for (const component of COMPONENTS) expect(await keyPairFrom(cluster, component)).toBeUndefined();
  });
});
