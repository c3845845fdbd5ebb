import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { unpack } from '../bug-report/unpack.js';
import { selfSigned, signedByCa, type KeyPair } from '../certs/openssl.js';
import { COMPONENTS, keyPairFrom, namesOf, NAMESPACE } from '../certs/served.js';
import { runKthena } from '../install/program.js';
import { serveLogs } from '../wait/kubelet.js';
import { secretiveKubeconfig } from './login.js';
import { keyMark, leaks, mark, type Mark, type Output } from './marks.js';
import { storedObjects } from './stored.js';

const ACCESS_KEY = 'MarkAccessKey0b7d92c1f3';
const SECRET_KEY = 'MarkSecretKey5e6a81d4b2';
const NEXT_SECRET_KEY = 'MarkNextSecretKeyc3f7e09a';
const PULL_PASSWORD = 'MarkPullPassword2d8c4b6f10';
const REDIS_PASSWORD = 'MarkRedisPassword8a1e7f3c5d';
const VARIABLE = 'MarkVariable6b2f9d0e4a';
const LOGGED = 'MarkLogged3c5a7e9b1d';
const TYPED = 'MarkTyped90f1b3d5c7';

/** A release record has the user's values and the objects, Secrets among them, as Helm's has. */
const IN_RECORDS = ['the access key', 'the secret key', 'the next secret key', 'a variable'];

let cluster: ControlPlane;
let folder: string;
let kubeconfig: string;
let closeProxy: () => void;
const marks: Mark[] = [
  mark('the access key', ACCESS_KEY),
  mark('the secret key', SECRET_KEY),
  mark('the next secret key', NEXT_SECRET_KEY),
  mark('the password of the registry', PULL_PASSWORD),
  mark('the password of Redis', REDIS_PASSWORD),
  mark('what was typed', TYPED),
];
const outputs: Output[] = [];

/** Runs the program and keeps all that it prints. */
async function kthena(args: string[], environment: NodeJS.ProcessEnv = {}): Promise<number> {
  const env = { ...cluster.env, KUBECONFIG: kubeconfig, ...environment };
  const { stdout, stderr, code } = await runKthena(args, { env, cwd: folder });
  const command = `kthena ${args.join(' ')}`;
  outputs.push({ where: `standard output of ${command}`, text: stdout });
  outputs.push({ where: `standard error of ${command}`, text: stderr });
  return code;
}

async function must(...args: string[]): Promise<void> {
  const code = await kthena(args);
  if (code !== 0)
    throw new Error(
      outputs
        .slice(-2)
        .map(({ where, text }) => `${where}:\n${text}`)
        .join('\n'),
    );
}

/** Leaks in what was printed since the last time this was asked. */
let searched = 0;
function newLeaks(): string[] {
  const found = leaks(marks, outputs.slice(searched));
  searched = outputs.length;
  return found;
}

/** Writes a file and gives its name. */
async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return name;
}

const downloader = (lines: string): string => `workload:\n  controllerManager:\n    downloader:\n${lines}`;

async function values(secretKey: string): Promise<string> {
  const pull = 'imagePullSecrets: [{name: registry}]';
  const variable = `extraEnv: [{name: UPSTREAM_TOKEN, value: ${VARIABLE}}]`;
  return file(
    'values.yaml',
    downloader(`      accessKey: ${ACCESS_KEY}\n      secretKey: ${secretKey}\n`) +
      `networking:\n  kthenaRouter:\n    ${pull}\n    ${variable}\n`,
  );
}

async function tlsFlags(pair: KeyPair): Promise<string[]> {
  return [
    ['--tls-cert-file', await file('tls.crt', pair.certificate)],
    ['--tls-private-key-file', await file('tls.key', pair.privateKey)],
    ['--tls-ca-file', await file('ca.crt', pair.ca)],
  ].flat();
}

async function ownKeys(when: string): Promise<Mark[]> {
  const pairs = await Promise.all(COMPONENTS.map((component) => keyPairFrom(cluster, component)));
  return pairs.map((pair, index) => keyMark(`the key of ${COMPONENTS[index]!.name} ${when}`, pair!.privateKey));
}

/** Secrets of others that the release's pods use. */
async function secretsOfOthers(): Promise<void> {
  await cluster.kubectl(['create', 'namespace', NAMESPACE]);
  const where = ['-n', NAMESPACE];
  const registry = ['--docker-server=registry.example', '--docker-username=me', `--docker-password=${PULL_PASSWORD}`];
  await cluster.kubectl(['create', 'secret', 'docker-registry', 'registry', ...where, ...registry]);
  await cluster.kubectl([
    'create',
    'secret',
    'generic',
    'redis-secret',
    ...where,
    `--from-literal=password=${REDIS_PASSWORD}`,
  ]);
  const redis = ['--from-literal=REDIS_HOST=redis', '--from-literal=REDIS_PORT=6379'];
  await cluster.kubectl(['create', 'configmap', 'redis-config', ...where, ...redis]);
}

beforeAll(async () => {
  cluster = await startControlPlane();
  folder = await mkdtemp(join(tmpdir(), 'kthena-secrets-'));
  const login = await secretiveKubeconfig(cluster, folder);
  kubeconfig = login.file;
  closeProxy = login.close;
  marks.push(...login.marks);
  await secretsOfOthers();
});
afterAll(async () => {
  closeProxy();
  await cluster.stop();
  await rm(folder, { recursive: true });
});

const READING = [
  ['status'],
  ['list', '-A'],
  ['history'],
  ['get', 'metadata'],
  ['check', '--pre'],
  ['certs', 'status'],
  ['crds', 'list'],
];

describe('nothing secret is in an output', () => {
  it('of an install, and of what is looked at before it', async () => {
    const file = await values(SECRET_KEY);
    for (const format of ['text', 'json']) await must('install', '-f', file, '--dry-run', '-o', format);
    await must('install', '-f', file, '--dry-run=client');
    await must('values', '-f', file);
    await must('lint', '-f', file);
    await must('images', '-f', file);
    await must('check', '--pre', '-f', file, '--debug');
    await must('install', '-f', file, '--debug');
    await must('install', '-f', file, '-o', 'json');
    marks.push(...(await ownKeys('of the install')));
    expect(newLeaks()).toEqual([]);
  });

  it('of commands that show what is installed, in any format', async () => {
    for (const args of READING) {
      await must(...args, '-o', 'json');
      await must(...args, '--debug');
    }
    // No pod answers here, which its checks of the webhooks find.
    expect(await kthena(['check', '--debug'])).toBe(1);
    expect(await kthena(['check', '-o', 'json'])).toBe(1);
    for (const all of [[], ['--all']]) {
      for (const format of ['json', 'yaml']) await must('get', 'values', ...all, '-o', format);
    }
    await must('get', 'manifest', '--debug');
    expect(newLeaks()).toEqual([]);
  });

  it('of a renewal, an upgrade to other secrets and files of certificates, and the way back', async () => {
    await must('certs', 'renew', '--debug');
    marks.push(...(await ownKeys('that was renewed')));
    const pair = await signedByCa(COMPONENTS.flatMap(namesOf));
    marks.push(keyMark('the key in a file', pair.privateKey));
    const flags = [
      '-f',
      await values(NEXT_SECRET_KEY),
      '--set',
      'global.certManagementMode=manual',
      ...(await tlsFlags(pair)),
    ];
    for (const format of ['text', 'json']) await must('diff', ...flags, '-o', format);
    await must('upgrade', ...flags, '--dry-run');
    await must('upgrade', ...flags, '--debug');
    await must('upgrade', '-o', 'json');
    await must('rollback', 'kthena', '1', '--dry-run', '--debug');
    await must('get', 'values', '--revision', '1');
    await must('certs', 'status', '-o', 'json');
    expect(newLeaks()).toEqual([]);
  });

  it('of a bug report, nor in any file of it', async () => {
    await serveLogs(
      cluster,
      () => `redis://user:${LOGGED}@redis\npassword=${LOGGED}\nAuthorization: Bearer ${LOGGED}\n`,
    );
    await must('bug-report', '--file', 'report.tgz', '--debug');
    const files = await unpack(join(folder, 'report.tgz'));
    const hidden = [...marks, mark('a variable', VARIABLE), mark('what was logged', LOGGED)];
    const contents = [...files].map(([path, text]) => ({ where: `the bug report's ${path}`, text }));
    expect(contents.length).toBeGreaterThan(30);
    expect(leaks(hidden, [...contents, ...outputs.slice(-2)])).toEqual([]);
  });

  it('of completion', async () => {
    const key = 'workload.controllerManager.downloader.';
    for (const word of ['', key, `${key}secretKey=`]) await must('__complete', 'upgrade', '--set', `:${word}`);
    await must('__complete', 'get', 'values', ':');
    expect(newLeaks()).toEqual([]);
  });

  it('of kthena template, but for the Secrets themselves', async () => {
    const { stdout } = await runKthena(['template', '-f', await values(SECRET_KEY)], { env: cluster.env, cwd: folder });
    const documents = stdout
      .split(/^---\n/m)
      .slice(1)
      .map((text) => ({ where: 'kthena template', text }));
    const kindOf = ({ text }: Output): unknown => (load(text) as { kind?: unknown } | null)?.kind;
    const isSecret = (document: Output): boolean => kindOf(document) === 'Secret';
    expect(leaks(marks, documents.filter(isSecret))).not.toEqual([]);
    expect(
      leaks(
        marks,
        documents.filter((document) => !isSecret(document)),
      ),
    ).toEqual([]);
  });
});

describe('nothing secret is in the words of a run that fails', () => {
  /** Ends all the same with an error, and not as a defect. */
  async function fails(args: string[], environment: NodeJS.ProcessEnv = {}): Promise<void> {
    expect(await kthena([...args, '--debug'], environment), args.join(' ')).toBe(1);
    expect(outputs.at(-1)!.text, args.join(' ')).not.toContain('defect of kthena');
  }

  it.each([
    ['a misspelt key', downloader(`      secretkey: ${TYPED}\n`)],
    ['a map', downloader(`      secretKey: {nested: ${TYPED}}\n`)],
    ['a list', downloader(`      secretKey: [${TYPED}]\n`)],
    ['a text in place of the map', `workload: {controllerManager: {downloader: ${TYPED}}}\n`],
    ['a text that does not end', downloader(`      secretKey: "${TYPED}\n`)],
    ['a line that is no YAML', downloader(`      secretKey: '${TYPED}' ${TYPED}\n`)],
    ['the same key twice', downloader(`      secretKey: ${TYPED}\n      secretKey: ${TYPED}\n`)],
    ['an alias that is none', downloader(`      secretKey: *${TYPED}\n`)],
    ['an unknown tag', downloader(`      secretKey: !${TYPED} a\n`)],
  ])('for %s in a values file', async (_, text) => {
    await fails(['upgrade', '-f', await file('broken.yaml', text)]);
    expect(newLeaks()).toEqual([]);
  });

  it('for flags that cannot be read', async () => {
    const key = 'workload.controllerManager.downloader.secretKey';
    await fails(['upgrade', '--set', `${key}={${TYPED}`]);
    await fails(['upgrade', '--set', `${key}[0=${TYPED}`]);
    await fails(['upgrade', '--set-json', `${key}=[${TYPED}`]);
    await fails(['upgrade', '--set-json', `${key}={"a":"${TYPED}"}`]);
    await fails(['upgrade', '--set', `${key}s=${TYPED}`]);
    expect(newLeaks()).toEqual([]);
  });

  it('for a post-renderer that spoils what it was given', async () => {
    const spoil = async (name: string, script: string): Promise<void> => {
      await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      await fails(['upgrade', '--post-renderer', join(folder, name)]);
    };
    await spoil('no-yaml', 'sed "s/^  SECRET_KEY: /  SECRET_KEY: [/"');
    await spoil('no-kind', 'sed "s/^kind: Secret/kind:/"');
    await spoil('no-map', 'sed "s/^data:.*/data: 7/"');
    await spoil('no-base64', 'sed "s/^  SECRET_KEY: /  SECRET_KEY: =/"');
    expect(newLeaks()).toEqual([]);
  });

  it('for certificates that do not belong together', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => selfSigned(COMPONENTS.flatMap(namesOf))));
    marks.push(keyMark('a key that does not fit', other!.privateKey));
    const flags = await tlsFlags({ ...one!, privateKey: other!.privateKey });
    await fails(['upgrade', ...flags]);
    const swapped = await tlsFlags({
      certificate: other!.privateKey,
      privateKey: one!.certificate,
      ca: other!.privateKey,
    });
    await fails(['upgrade', ...swapped]);
    await fails(['upgrade', ...(await tlsFlags({ ...one!, privateKey: other!.privateKey.slice(0, 120) }))]);
    expect(newLeaks()).toEqual([]);
  });

  it('for a login that is refused, and servers and proxies that are not there', async () => {
    const admin = { KUBECONFIG: cluster.kubeconfig };
    await fails(['status', '--kube-token', TYPED], admin);
    await fails(['status', '--kube-apiserver', `https://user:${TYPED}@127.0.0.1:1`], admin);
    await fails(['status', '--kube-apiserver', `https://user:${TYPED}@127.0.0.1:x`], admin);
    await fails(['status'], { PLUGIN_FAILS: '1' });
    for (const port of ['1', '99999', 'x']) {
      const HTTPS_PROXY = `http://user:${TYPED}@127.0.0.1:${port}`;
      await fails(['status', '--kube-apiserver', 'https://cluster.example:6443'], { ...admin, HTTPS_PROXY });
    }
    expect(newLeaks()).toEqual([]);
  });

  it('for a kubeconfig that cannot be read', async () => {
    const user = (login: string): string => `apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user:\n    ${login}\n`;
    for (const login of [`token: "${TYPED}`, `token: [${TYPED}`, `token: '${TYPED}' x`, `password: *${TYPED}`]) {
      await fails(['status'], { KUBECONFIG: join(folder, await file('broken-kubeconfig', user(login))) });
    }
    expect(newLeaks()).toEqual([]);
  });
});

describe('in the cluster', () => {
  it('each secret is where it belongs: private keys in their Secrets, credentials besides in release records', async () => {
    const found = leaks([...marks, mark('a variable', VARIABLE)], await storedObjects(cluster));
    const inSecret = (name: string): RegExp => new RegExp(`in secrets/${NAMESPACE}/${name}$`);
    const record = inSecret('sh\\.helm\\.release\\.v1\\.kthena\\.v\\d+');
    const expected = (leak: string): boolean => {
      if (leak.startsWith('the key')) return inSecret('kthena-[a-z-]+-webhook-certs').test(leak);
      if (leak.startsWith('a variable')) return record.test(leak) || / in (deployments|replicasets|pods)\//.test(leak);
      if (leak.startsWith('the password of the registry')) return inSecret('registry').test(leak);
      if (leak.startsWith('the password of Redis')) return inSecret('redis-secret').test(leak);
      return (
        IN_RECORDS.some((name) => leak.startsWith(name)) &&
        (record.test(leak) || inSecret('downloader-secrets').test(leak))
      );
    };
    expect(found.filter((leak) => !expected(leak))).toEqual([]);
    // The search finds what is there.
    expect(found).toContain(`the key in a file in secrets/${NAMESPACE}/kthena-router-webhook-certs`);
    expect(found).toContain(`the secret key in secrets/${NAMESPACE}/sh.helm.release.v1.kthena.v1`);
  });

  it('an uninstall prints none of it', async () => {
    await must('uninstall', '--dry-run', '-o', 'json');
    await must('uninstall', '--debug');
    // Keys were made on the way: once more, in everything.
    expect(leaks(marks, outputs)).toEqual([]);
  });
});
