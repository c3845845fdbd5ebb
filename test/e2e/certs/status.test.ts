import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinedBundle, toCaBundle } from '../../../src/certs/bundle.js';
import type { KeyPairFiles } from '../../../src/certs/issue.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { authority, days, serving } from '../../unit/certs/authority.js';
import { mustRun, runKthena } from '../install/program.js';
import { holdsKey, issueBoth, putCaBundle, putSecret, secretOf, serverNameOf, type Component } from './setup.js';

const NAMESPACE = 'kthena-system';
const ROUTER = 'kthena-router';
const ROUTER_SECRET = secretOf(ROUTER);

let cluster: ControlPlane;
let pairs: Record<Component, KeyPairFiles>;
let caBundle: string;

beforeAll(async () => {
  cluster = await startControlPlane();
  await cluster.kubectl(['create', 'namespace', NAMESPACE]);
  pairs = await issueBoth(NAMESPACE);
  caBundle = toCaBundle(joinedBundle(...Object.values(pairs).map(({ ca }) => ca)));
  await putSecret(cluster, NAMESPACE, ROUTER_SECRET, pairs[ROUTER]);
  const manager = 'kthena-controller-manager';
  await putSecret(cluster, NAMESPACE, secretOf(manager), pairs[manager]);
  const manual = ['--set', `global.certManagementMode=manual,global.webhook.caBundle=${caBundle}`];
  await mustRun(['install', ...manual], cluster);
});

afterAll(() => cluster?.stop());

interface Shown {
  code: number;
  text: string;
  stateOfRouter: string;
  problems: { cause: string; severity: string; object: { kind: string; name: string }; message: string }[];
}

/** What both commands say, that neither shows a key, and that they agree. */
async function shown(...secrets: KeyPairFiles[]): Promise<Shown> {
  const table = await runKthena(['certs', 'status'], cluster);
  const json = await runKthena(['certs', 'status', '-o', 'json'], cluster);
  const yaml = await runKthena(['certs', 'status', '-o', 'yaml'], cluster);
  const check = await runKthena(['check', '-o', 'json', '--debug'], cluster);
  const outputs = [table, json, yaml, check].map(({ stdout, stderr }) => stdout + stderr).join('\n');
  expect(holdsKey(outputs, ...Object.values(pairs), ...secrets)).toBe(false);
  expect([json.code, yaml.code]).toEqual([table.code, table.code]);
  const { certificates } = JSON.parse(json.stdout) as {
    certificates: { secret: { name: string }; state: string; problems: Shown['problems'] }[];
  };
  const problems = certificates.flatMap((certificate) => certificate.problems);
  const { checks } = JSON.parse(check.stdout) as {
    checks: { id: string; findings: { severity: string; seen: string; hint: string }[] }[];
  };
  const findings = checks.find(({ id }) => id === 'certificates')!.findings;
  // What concerns configurations alone is found by the check of the webhooks.
  const reported = problems.filter(
    ({ cause, object }) => object.kind === 'Secret' || !['missing', 'ca-bundle'].includes(cause),
  );
  expect(findings.map(({ severity, seen }) => [severity, seen])).toEqual(
    reported.map(({ severity, message }) => [severity, message]),
  );
  const router = certificates.find(({ secret }) => secret.name === ROUTER_SECRET)!;
  return { code: table.code, text: table.stdout, stateOfRouter: router.state, problems };
}

/** Without what is said of pods that are older than the Secret, which every change of it brings. */
function apartFromPods({ problems }: Shown): Shown['problems'] {
  return problems.filter(({ cause }) => cause !== 'restart');
}

async function signedPair(options: Parameters<typeof serving>[0]): Promise<KeyPairFiles> {
  const ca = await authority({ notBefore: days(-900, new Date()), notAfter: days(900, new Date()) });
  const names = [serverNameOf(ROUTER, NAMESPACE)];
  const { certificate, privateKey } = await serving({ names, notAfter: days(300, new Date()), ...options }, ca);
  return { certificate, privateKey, ca: ca.certificate };
}

/** The Secret of the router with another content, trusted by its webhook configuration. */
async function withRouterPair(pair: KeyPairFiles, work: () => Promise<void>, bundle = pair.ca): Promise<void> {
  const configuration = ['validatingwebhookconfigurations', 'kthena-router-validating-webhook'] as const;
  await putSecret(cluster, NAMESPACE, ROUTER_SECRET, pair);
  await putCaBundle(cluster, ...configuration, toCaBundle(bundle));
  try {
    await work();
  } finally {
    await putSecret(cluster, NAMESPACE, ROUTER_SECRET, pairs[ROUTER]);
    await putCaBundle(cluster, ...configuration, caBundle);
  }
}

describe('kthena certs status', () => {
  it('shows certificates whose parts agree, with issuer, expiry and users', async () => {
    const { code, text, stateOfRouter, problems } = await shown();
    expect(problems).toEqual([]);
    expect(code).toBe(0);
    expect(stateOfRouter).toBe('valid');
    const row = text.split('\n').find((line) => line.includes(ROUTER_SECRET));
    expect(row).toMatch(/valid +manual +20\d\d-\d\d-\d\d \(in (9|10)y\) +CN=Kthena webhook CA \w+ /);
    expect(row).toContain(`${serverNameOf(ROUTER, NAMESPACE)} `);
    expect(row).toContain('Deployment/kthena-router,ValidatingWebhookConfiguration/kthena-router-validating-webhook');
    expect(text).toContain('MutatingWebhookConfiguration/kthena-controller-manager-mutating-webhook');
  });

  it('tells a key that is not the certificate’s', async () => {
    const other = await signedPair({});
    await withRouterPair({ ...pairs[ROUTER], privateKey: other.privateKey }, async () => {
      const result = await shown(other);
      expect(result).toMatchObject({ code: 1, stateOfRouter: 'broken' });
      expect(apartFromPods(result)).toMatchObject([
        { cause: 'key-mismatch', message: expect.stringContaining('tls.key: the private key does not belong') },
      ]);
      expect(result.text).toContain(`  Secret/${NAMESPACE}/${ROUTER_SECRET}: tls.key: the private key does not belong`);
    });
  });

  it('tells a caBundle that trusts another CA, and one that is empty', async () => {
    const other = await signedPair({});
    await withRouterPair(
      pairs[ROUTER],
      async () => {
        const result = await shown();
        expect(result).toMatchObject({ code: 1, stateOfRouter: 'broken' });
        expect(apartFromPods(result)).toMatchObject([
          {
            cause: 'untrusted',
            object: { kind: 'ValidatingWebhookConfiguration', name: 'kthena-router-validating-webhook' },
            message: expect.stringMatching(/^caBundle does not trust the certificate in the Secret: .* is issued by/),
          },
        ]);
      },
      other.ca,
    );
    await withRouterPair(
      pairs[ROUTER],
      async () => {
        expect(apartFromPods(await shown())).toMatchObject([
          { cause: 'ca-bundle', message: expect.stringMatching(/^caBundle is empty/) },
        ]);
      },
      '',
    );
  });

  it('tells an expired certificate, and warns of one that is about to', async () => {
    const past = await signedPair({ notBefore: days(-90, new Date()), notAfter: days(-3, new Date()) });
    await withRouterPair(past, async () => {
      const result = await shown(past);
      expect(result).toMatchObject({ code: 1, stateOfRouter: 'expired' });
      expect(result.text).toContain('(3d ago)');
      expect(apartFromPods(result)).toMatchObject([{ cause: 'expired', severity: 'error' }]);
    });
    const ending = await signedPair({ notAfter: days(10.5, new Date()) });
    await withRouterPair(ending, async () => {
      const result = await shown(ending);
      expect(result).toMatchObject({ code: 0, stateOfRouter: 'expiring' });
      expect(apartFromPods(result)).toMatchObject([{ cause: 'expiring', severity: 'warning' }]);
    });
  });

  it('tells names that are not the service’s', async () => {
    const other = await signedPair({ names: ['kthena-router-webhook.elsewhere.svc'] });
    await withRouterPair(other, async () => {
      const result = await shown(other);
      expect(result.code).toBe(1);
      expect(apartFromPods(result)).toMatchObject([
        { cause: 'names', message: expect.stringContaining('kthena-router-webhook.elsewhere.svc') },
      ]);
    });
  });

  it('tells a Secret and a configuration that are gone', async () => {
    await cluster.kubectl(['delete', 'secret', '-n', NAMESPACE, ROUTER_SECRET]);
    const result = await shown();
    expect(result).toMatchObject({ code: 1, stateOfRouter: 'missing' });
    expect(result.problems).toMatchObject([{ cause: 'missing', object: { name: ROUTER_SECRET } }]);
    await putSecret(cluster, NAMESPACE, ROUTER_SECRET, pairs[ROUTER]);
    const name = 'kthena-router-validating-webhook';
    const { stdout } = await cluster.kubectl(['get', 'validatingwebhookconfiguration', name, '-o', 'yaml']);
    await cluster.kubectl(['delete', 'validatingwebhookconfiguration', name]);
    expect(apartFromPods(await shown())).toMatchObject([{ cause: 'missing', object: { name } }]);
    await cluster.kubectl(['create', '-f', '-'], { input: stdout });
  });

  it('warns of pods that serve the certificate of before, until they are restarted', async () => {
    await putSecret(cluster, NAMESPACE, ROUTER_SECRET, await signedPair({}));
    await putSecret(cluster, NAMESPACE, ROUTER_SECRET, pairs[ROUTER]);
    const before = await shown();
    expect(before.code).toBe(0);
    expect(before.problems).toMatchObject([{ cause: 'restart', severity: 'warning', object: { kind: 'Pod' } }]);
    await cluster.kubectl(['rollout', 'restart', 'deployment/kthena-router', '-n', NAMESPACE]);
    await cluster.kubectl(['rollout', 'status', 'deployment/kthena-router', '-n', NAMESPACE, '--timeout=60s']);
    await expect.poll(async () => (await shown()).problems, { timeout: 30_000 }).toEqual([]);
  });

  it('ends with an error where there is no such release', async () => {
    const { code, stdout, stderr } = await runKthena(['certs', 'status', 'other'], cluster);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('release other not found in namespace kthena-system');
  });

  it('knows nothing of certificates where no webhook is served', async () => {
    const off = 'networking.kthenaRouter.webhook.enabled=false,workload.controllerManager.webhook.enabled=false';
    await mustRun(['upgrade', '--yes', '--no-wait', '--set', off], cluster);
    const { code, stdout } = await runKthena(['certs', 'status'], cluster);
    expect([code, stdout]).toEqual([
      0,
      'Release kthena in namespace kthena-system serves no webhooks, and needs no certificate.\n',
    ]);
  });
});
