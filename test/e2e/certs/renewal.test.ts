import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { covers, joinedBundle, sameCertificates } from '../../../src/certs/bundle.js';
import { issueCertificate } from '../../../src/certs/issue.js';
import { startControlPlane, type CommandResult, type ControlPlane } from '../../cluster/index.mjs';
import { eventually, get, settledVersionsIn, versionsIn } from '../install/cluster-state.js';
import { mustRun, NEVER_READY, runKthena } from '../install/program.js';
import { KillingProxy } from '../upgrade/killing-proxy.js';
import {
  COMPONENTS,
  deploymentPath,
  expiredCertificate,
  faultsOf,
  keyPairFrom,
  MANAGER,
  NAMESPACE,
  namesOf,
  replaceKeyPair,
  replaceTrust,
  ROUTER,
  secretPath,
  trustIn,
  type Component,
} from './served.js';

const DIGEST = 'kthena.io/webhook-certificate';

let cluster: ControlPlane;
let proxy: KillingProxy;

const must = (...args: string[]): Promise<CommandResult> => mustRun(args, { env: cluster.env });

async function expectWhole(): Promise<void> {
  for (const component of COMPONENTS) expect(await faultsOf(cluster, component), component.name).toEqual([]);
}

/** What makes the pods of a component be replaced. */
async function digestOn(component: Component): Promise<unknown> {
  const deployment = (await get(cluster, deploymentPath(component))) as unknown as {
    spec: { template: { metadata: { annotations?: Record<string, string> } } };
  };
  return deployment.spec.template.metadata.annotations?.[DIGEST];
}

async function certificateOf(component: Component): Promise<string | undefined> {
  return (await keyPairFrom(cluster, component))?.certificate;
}

/** The changes that a comparison announces, by object. */
async function announced(): Promise<Record<string, string[]>> {
  const plan = JSON.parse((await must('diff', '-o', 'json')).stdout) as {
    changes: { action: string; kind: string; name: string; differences?: { path: string }[] }[];
  };
  const changes = plan.changes.filter(({ action }) => action !== 'unchanged');
  return Object.fromEntries(
    changes.map(({ action, kind, name, differences = [] }) => [
      `${action} ${kind}/${name}`,
      differences.map(({ path }) => path),
    ]),
  );
}

beforeAll(async () => {
  cluster = await startControlPlane();
  proxy = await KillingProxy.start(cluster);
  await must('install');
});
afterAll(async () => {
  await proxy.stop();
  await cluster.stop();
});

describe('after an install', () => {
  it('each component has a certificate for its service, ten years long, that its webhooks trust', async () => {
    await expectWhole();
    for (const component of COMPONENTS) {
      expect(await get(cluster, secretPath(component))).toMatchObject({ type: 'kubernetes.io/tls' });
      expect(await digestOn(component)).toBeUndefined();
    }
  });

  it('valid ones are kept', async () => {
    const before = await settledVersionsIn(cluster);
    expect((await must('upgrade', '--yes')).stdout).toContain('nothing changes');
    await must('install');
    expect(await announced()).toEqual({});
    expect(await versionsIn(cluster)).toEqual(before);
  });
});

const FAULTS: [string, (component: Component) => Promise<unknown>][] = [
  ['has expired', async (component) => replaceKeyPair(cluster, component, await expiredCertificate(component, 1))],
  [
    'expires in 20 days',
    async (component) => replaceKeyPair(cluster, component, await expiredCertificate(component, -20)),
  ],
  [
    'is for another name',
    async (component) =>
      replaceKeyPair(cluster, component, await issueCertificate({ names: ['else.svc'], now: new Date() })),
  ],
  [
    'has the key of another',
    async (component) => {
      const { privateKey } = await issueCertificate({ names: namesOf(component), now: new Date() });
      await replaceKeyPair(cluster, component, { ...(await keyPairFrom(cluster, component))!, privateKey });
    },
  ],
  [
    'has no CA beside it',
    async (component) => replaceKeyPair(cluster, component, { ...(await keyPairFrom(cluster, component))!, ca: '' }),
  ],
  ['is gone', (component) => cluster.request('DELETE', secretPath(component))],
];

describe.each(FAULTS)('a certificate that %s', (_fault, make) => {
  beforeEach(expectWhole);

  it('is announced, and issued anew by an upgrade, which restarts the pods', async () => {
    await make(ROUTER);
    const [broken, other, digest] = [
      await keyPairFrom(cluster, ROUTER),
      await certificateOf(MANAGER),
      await digestOn(ROUTER),
    ];
    const plan = await announced();
    expect(Object.keys(plan).sort()).toEqual(
      [
        `${broken === undefined ? 'create' : 'update'} Secret/kthena-router-webhook-certs`,
        'update Deployment/kthena-router',
        'update ValidatingWebhookConfiguration/kthena-router-validating-webhook',
      ].sort(),
    );
    expect(plan['update Deployment/kthena-router']).toEqual([`spec.template.metadata.annotations["${DIGEST}"]`]);
    await must('upgrade', '--yes');
    await expectWhole();
    expect(await certificateOf(ROUTER)).not.toBe(broken?.certificate);
    expect(await certificateOf(MANAGER)).toBe(other);
    expect(await digestOn(ROUTER)).not.toBe(digest);
    expect(await digestOn(MANAGER)).toBeUndefined();
  });
});

describe('a webhook that trusts another CA', () => {
  beforeEach(expectWhole);

  it.each([
    ['another CA', true],
    ['nothing', false],
  ])('gets that of the certificate, which stays, where it trusts %s and the pods serve it', async (_what, trusts) => {
    const before = await Promise.all([certificateOf(MANAGER), digestOn(MANAGER)]);
    const other = await issueCertificate({ names: ['else.svc'], now: new Date() });
    await replaceTrust(cluster, MANAGER, trusts ? other.ca : '');
    await must('upgrade', '--yes', '--no-wait');
    await expectWhole();
    expect(await Promise.all([certificateOf(MANAGER), digestOn(MANAGER)])).toEqual(before);
  });

  it('trusts that one too until the pods are replaced, where they are older than the Secret', async () => {
    // Times in the cluster are whole seconds.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const former = (await keyPairFrom(cluster, MANAGER))!;
    const other = await issueCertificate({ names: namesOf(MANAGER), now: new Date() });
    await replaceKeyPair(cluster, MANAGER, other);
    await must('upgrade', '--yes', '--no-wait');
    const both = joinedBundle(other.ca, former.ca);
    for (const trusted of await trustIn(cluster, MANAGER)) expect(sameCertificates(trusted, both)).toBe(true);
    expect(await digestOn(MANAGER)).toBeDefined();
    await must('upgrade', '--yes');
    await expectWhole();
    expect(await certificateOf(MANAGER)).toBe(other.certificate);
  });

  it('keeps what the component itself has written, as long as the certificate is valid', async () => {
    const other = await issueCertificate({ names: ['else.svc'], now: new Date() });
    await replaceTrust(cluster, ROUTER, other.ca, ROUTER.name);
    expect(await announced()).toEqual({});
    await must('certs', 'renew');
    await expectWhole();
  });
});

describe('kthena certs renew', () => {
  it('replaces valid certificates and restarts what serves them', async () => {
    const before = await Promise.all(COMPONENTS.map(certificateOf));
    const { stdout } = await must('certs', 'renew', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'kthena',
      certificates: expect.arrayContaining(
        COMPONENTS.map((component) => expect.objectContaining({ names: namesOf(component) }) as unknown),
      ) as unknown,
    });
    await expectWhole();
    const after = await Promise.all(COMPONENTS.map(certificateOf));
    expect(after.filter((certificate) => before.includes(certificate))).toEqual([]);
  });

  it('makes what is missing, and restarts the pods, which have known nothing of it', async () => {
    const digest = await digestOn(ROUTER);
    await cluster.request('DELETE', secretPath(ROUTER));
    await replaceTrust(cluster, ROUTER, '');
    await must('certs', 'renew');
    await expectWhole();
    expect(await digestOn(ROUTER)).not.toBe(digest);
    expect((await must('certs', 'status')).stdout).not.toContain('What is not as it should be');
  });

  it('trusts both CAs as long as pods may run with the former certificate', async () => {
    await must('upgrade', '--yes', '--no-wait', ...NEVER_READY);
    const [former] = await trustIn(cluster, ROUTER);
    const { code, stderr } = await runKthena(['certs', 'renew', '--timeout', '3s'], { env: cluster.env });
    expect(code).toBe(1);
    expect(stderr).toContain('Deployment/kthena-system/kthena-router');
    const both = joinedBundle((await keyPairFrom(cluster, ROUTER))!.ca, former!);
    for (const trusted of await trustIn(cluster, ROUTER)) expect(sameCertificates(trusted, both)).toBe(true);
    await must('upgrade', '--yes', '--reset-values');
    await expectWhole();
  });

  it('killed at any write, comes to its end when it is run again', async () => {
    const args = ['certs', 'renew'];
    const writes = await proxy.writesOf(args);
    expect(writes).toBeGreaterThanOrEqual(10);
    for (let nth = 1; nth <= writes; nth++) {
      await proxy.killAt(args, nth, nth % 2 === 0);
      // Whatever pod serves, what it serves is trusted.
      for (const component of COMPONENTS) {
        const { ca } = (await keyPairFrom(cluster, component))!;
        const trusted = await trustIn(cluster, component);
        expect(
          trusted.every((bundle) => covers(bundle, ca)),
          `killed at write ${nth}`,
        ).toBe(true);
      }
      await must(...(nth % 4 < 2 ? args : ['upgrade', '--yes']));
      await expectWhole();
    }
  }, 300_000);

  it('is refused where there is nothing for it to renew, with the way on', async () => {
    const missing = await runKthena(['certs', 'renew', 'other'], { env: cluster.env });
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toContain('release other not found in namespace kthena-system');
  });
});

describe('another certificate mode', () => {
  it('manual takes over what this tool let the webhooks trust, and leaves Secret and CA to the user', async () => {
    const { ca } = (await keyPairFrom(cluster, ROUTER))!;
    const bundle = joinedBundle(ca, (await keyPairFrom(cluster, MANAGER))!.ca);
    const caBundle = Buffer.from(bundle).toString('base64');
    await must('upgrade', '--yes', '--set', `global.certManagementMode=manual,global.webhook.caBundle=${caBundle}`);
    for (const trusted of await trustIn(cluster, ROUTER)) expect(sameCertificates(trusted, bundle)).toBe(true);
    const renewal = await runKthena(['certs', 'renew'], { env: cluster.env });
    expect(renewal).toMatchObject({ code: 1, stdout: '' });
    expect(renewal.stderr).toContain('certificate mode manual');
    // What is broken already does not stop an upgrade that leaves it as it is.
    await cluster.request('DELETE', secretPath(ROUTER));
    const upgraded = await must('upgrade', '--yes', '--set', 'workload.controllerManager.replicas=2');
    expect(upgraded.stderr).toMatch(
      /^Warning: certificates: Secret\/.*\/kthena-router-webhook-certs: does not exist$/m,
    );
    await must('upgrade', '--yes', '--reset-values');
    await expectWhole();
  });

  it('an uninstall takes the Secrets along that this tool made', async () => {
    await must('uninstall', '-n', NAMESPACE);
    for (const component of COMPONENTS)
      await eventually('the Secret is gone', async () =>
        (await get(cluster, secretPath(component))) === undefined ? true : undefined,
      );
  });
});
