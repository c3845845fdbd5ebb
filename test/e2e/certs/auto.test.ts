import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueCertificate } from '../../../src/certs/issue.js';
import { startControlPlane, type CommandResult, type ControlPlane } from '../../cluster/index.mjs';
import { eventually } from '../install/cluster-state.js';
import { mustRun, runKthena } from '../install/program.js';
import { MUTATED_BY } from './admission-server.js';
import { callsFor, create, deniedOnes, oneOfEach, pathsCalled, PATHS } from './admission.js';
import { caBundles } from './ca-bundles.js';
import { GOING_ON, keepCalling } from './going-on.js';
import { signedByCa, type KeyPair } from './openssl.js';
import { COMPONENTS, expiredCertificate, keyPairFrom, namesOf, NAMESPACE, replaceKeyPair, ROUTER } from './served.js';
import { standIn, type StandIn } from './stand-in.js';

const REPLICAS = ['networking.kthenaRouter', 'workload.controllerManager'].flatMap((key) => [
  '--set',
  `${key}.replicas=2`,
]);

let cluster: ControlPlane;
let components: StandIn;
const kthena = (...args: string[]): Promise<CommandResult> => runKthena(args, { env: cluster.env });
const must = (...args: string[]): Promise<CommandResult> => mustRun(args, { env: cluster.env });

beforeAll(async () => {
  cluster = await startControlPlane({ podsAnswer: true });
  components = standIn(cluster, NAMESPACE);
});
afterAll(async () => {
  await components.close();
  await cluster.stop();
});

async function everyWebhookAnswers(name: string): Promise<void> {
  expect(await create(cluster, oneOfEach(name, 'default'), '--dry-run=server')).toMatchObject({ code: 0 });
  expect(pathsCalled(components, name)).toEqual(PATHS);
}

function fingerprints(name: string): Set<string> {
  return new Set(callsFor(components.calls, name).map(({ fingerprint }) => fingerprint));
}

async function stored(): Promise<Set<string>> {
  const pairs = await Promise.all(COMPONENTS.map((component) => keyPairFrom(cluster, component)));
  return new Set(pairs.map((pair) => new X509Certificate(pair!.certificate).fingerprint256));
}

describe('a first install', () => {
  it('has certificates in place before the pods start, and webhooks that answer when it is done', async () => {
    await must('install', ...REPLICAS);
    await everyWebhookAnswers('first');
    expect(components.starts).toHaveLength(4);
    expect(components.starts.every(({ foundSecret, crashed }) => foundSecret && !crashed)).toBe(true);
    expect(fingerprints('first')).toEqual(await stored());
  });

  it('leaves kthena check nothing to complain about', async () => {
    const { stdout } = await must('check', '-o', 'json');
    expect((JSON.parse(stdout) as { summary: object }).summary).toEqual({ errors: 0, warnings: 0 });
  });

  it('lets the webhooks refuse and change resources', async () => {
    const refused = await create(cluster, deniedOnes('refused', 'default', 'not today'));
    expect(refused.stderr.match(/denied the request: not today/g)).toHaveLength(5);
    expect(await create(cluster, oneOfEach('made', 'default'))).toMatchObject({ code: 0 });
    const { stdout } = await cluster.kubectl(['get', 'modelbooster/made', '-o', 'json']);
    expect((JSON.parse(stdout) as { metadata: { annotations: object } }).metadata.annotations).toHaveProperty([
      MUTATED_BY,
    ]);
  });
});

describe('kthena certs renew', () => {
  it('replaces the certificates without a call that fails', async () => {
    const before = await stored();
    const end = keepCalling(cluster);
    await must('certs', 'renew');
    const { tried, failures } = await end();
    expect(failures).toEqual([]);
    expect(tried).toBeGreaterThan(20);

    const after = await stored();
    expect([...after].some((fingerprint) => before.has(fingerprint))).toBe(false);
    expect(fingerprints(GOING_ON)).toEqual(new Set([...before, ...after]));
    await everyWebhookAnswers('renewed');
    expect(fingerprints('renewed')).toEqual(after);
    // Each webhook trusts one CA again.
    const sizes = (await caBundles(cluster)).map(
      (bundle) => Buffer.from(bundle!, 'base64').toString().split('BEGIN CERTIFICATE').length - 1,
    );
    expect(new Set(sizes)).toEqual(new Set([1]));
  });
});

describe('kthena upgrade', () => {
  it.each([
    ['expires within days', () => expiredCertificate(ROUTER, -10)],
    ['is for another name', () => issueCertificate({ names: ['elsewhere.svc'], now: new Date() })],
    [
      'has the key of another one',
      async (names: string[]) => {
        const [one, other] = await Promise.all([1, 2].map(() => issueCertificate({ names, now: new Date() })));
        return { ...one!, privateKey: other!.privateKey };
      },
    ],
  ])('renews a certificate that %s', async (what, issue) => {
    await replaceKeyPair(cluster, ROUTER, await issue(namesOf(ROUTER)));
    const before = await stored();
    await must('upgrade');
    const name = what.replaceAll(' ', '-');
    await everyWebhookAnswers(name);
    expect([...(await stored())].filter((fingerprint) => before.has(fingerprint))).toHaveLength(1);
    expect(fingerprints(name)).toEqual(await stored());
  });

  it('brings back components that crash because of their certificate', async () => {
    const pair = await issueCertificate({ names: namesOf(ROUTER), now: new Date() });
    await replaceKeyPair(cluster, ROUTER, { ...pair, privateKey: 'none' });
    await cluster.kubectl(['delete', 'pods', '-n', NAMESPACE, '-l', 'app.kubernetes.io/component=kthena-router']);
    await eventually('the webhooks of the router fail', async () => {
      const { code } = await create(cluster, oneOfEach('failing', 'default'), '--dry-run=server');
      return code === 0 ? undefined : true;
    });
    expect(components.starts.some(({ crashed }) => crashed)).toBe(true);

    await must('upgrade');
    await everyWebhookAnswers('mended');
  });
});

describe('certificates from files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kthena-tls-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function flagsFor(prefix: string, pair: KeyPair): Promise<string[]> {
    const parts = { cert: pair.certificate, 'private-key': pair.privateKey, ca: pair.ca };
    const flags = Object.entries(parts).map(async ([part, text]) => {
      const file = join(folder, `${prefix}${part}.pem`);
      await writeFile(file, text);
      return [`--${prefix}tls-${part}-file`, file];
    });
    return (await Promise.all(flags)).flat();
  }

  it('serve every webhook after an upgrade to them', async () => {
    const pair = await signedByCa(COMPONENTS.flatMap(namesOf));
    const flags = await flagsFor('', pair);
    await must('upgrade', '--set', 'global.certManagementMode=manual', ...flags);
    await everyWebhookAnswers('manual');
    expect(fingerprints('manual')).toEqual(new Set([new X509Certificate(pair.certificate).fingerprint256]));
  });

  it('serve every webhook after an install with one for each component, of CAs of their own', async () => {
    await must('uninstall', '--wait');
    const pairs = await Promise.all(COMPONENTS.map((component) => signedByCa(namesOf(component))));
    const flags = await Promise.all(
      COMPONENTS.map(({ name }, index) => flagsFor(`${name.replace('kthena-', '')}-`, pairs[index]!)),
    );
    await must('install', '--set', 'global.certManagementMode=manual', ...flags.flat());
    await everyWebhookAnswers('each-its-own');
    expect(fingerprints('each-its-own')).toEqual(
      new Set(pairs.map(({ certificate }) => new X509Certificate(certificate).fingerprint256)),
    );
  });

  it('that do not fit are refused before anything is written', async () => {
    const flags = await flagsFor('', await signedByCa(['elsewhere.svc']));
    const refused = await kthena('upgrade', ...flags);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/not for kthena-router-webhook\.kthena-system\.svc/);
    await everyWebhookAnswers('still');
  });
});
