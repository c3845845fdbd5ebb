import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { issueCertificate } from '../../../src/certs/issue.js';
import type { KubeObject } from '../../../src/kube/object.js';
import type { Finding } from '../../../src/preflight/check.js';
import { webhooks } from '../../../src/preflight/webhooks/webhooks.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { replaceCaBundles } from '../certs/ca-bundles.js';
import { eventually } from '../install/cluster-state.js';
import { mustRun, runKthena } from '../install/program.js';
import { clientFor, resultOf, subjectIn } from './setup.js';

const NAMESPACE = 'kthena-system';
const CONFIGURATIONS = [
  'mutatingwebhookconfiguration/kthena-controller-manager-mutating-webhook',
  'validatingwebhookconfiguration/kthena-controller-manager-validating-webhook',
  'validatingwebhookconfiguration/kthena-router-validating-webhook',
];

let cluster: ControlPlane;
beforeAll(async () => {
  cluster = await startControlPlane();
});
afterAll(() => cluster.stop());

async function kubectl(...args: string[]): Promise<void> {
  expect(await cluster.kubectl(args)).toMatchObject({ code: 0 });
}

async function create(object: object): Promise<void> {
  expect(await cluster.kubectl(['create', '-f', '-'], { input: JSON.stringify(object) })).toMatchObject({ code: 0 });
}

async function findings(phase: 'before' | 'after', namespace = NAMESPACE): Promise<Finding[]> {
  const client = await clientFor(cluster);
  const { plan, ...installed } = await subjectIn(client, namespace);
  const subject = phase === 'before' ? { ...installed, plan: plan ?? neverPlanned } : installed;
  return (await resultOf(webhooks, subject, client)).findings;
}
const neverPlanned = (): Promise<never> => Promise.reject(new Error('the check needs no plan'));

/** One that an earlier install left, under a name of its own. */
const leftover = (namespace: string): KubeObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'earlier-webhook' },
  webhooks: [
    {
      name: 'route.earlier.example',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
      clientConfig: { service: { namespace, name: 'earlier', path: '/validate' } },
      rules: [
        {
          apiGroups: ['networking.serving.volcano.sh'],
          apiVersions: ['*'],
          operations: ['CREATE'],
          resources: ['modelroutes'],
        },
      ],
    },
  ],
});

describe('webhooks, before an install', () => {
  afterEach(() =>
    cluster.kubectl(['delete', 'validatingwebhookconfiguration', 'earlier-webhook', '--ignore-not-found']),
  );

  it('are silent in an empty cluster', async () => {
    expect(await findings('before')).toEqual([]);
  });

  it('stop it where one is left over whose Service is gone; the hinted command removes it', async () => {
    await create(leftover('gone'));
    const [finding] = await findings('before');
    expect(finding).toMatchObject({
      severity: 'error',
      object: { kind: 'ValidatingWebhookConfiguration', name: 'earlier-webhook' },
      seen: 'it refuses every Kthena resource that it covers: Service gone/earlier does not exist',
    });
    const refused = await runKthena(['install', '--no-wait'], { env: cluster.env });
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain(
      'ValidatingWebhookConfiguration/earlier-webhook: it refuses every Kthena resource',
    );

    const [, command] = /(kubectl delete .*)$/.exec(finding!.hint)!;
    await kubectl(...command!.split(' ').slice(1));
    expect(await findings('before')).toEqual([]);
  });

  it('warn of one whose Service has no endpoints', async () => {
    await create(leftover('default'));
    await kubectl('create', 'service', 'clusterip', 'earlier', '--tcp=443');
    expect(await findings('before')).toMatchObject([
      { severity: 'warning', seen: expect.stringContaining('Service default/earlier has no ready endpoint') },
    ]);
  });
});

describe('webhooks, of what is installed', () => {
  beforeAll(async () => {
    await mustRun(['install'], { env: cluster.env });
    const { ca } = await issueCertificate({ names: ['any'], now: new Date() });
    await replaceCaBundles(cluster, Buffer.from(ca).toString('base64'));
  });

  it('are silent where Services, endpoints and CAs are there, for an upgrade too', async () => {
    expect(await findings('after')).toEqual([]);
    expect(await findings('before')).toEqual([]);
  });

  it('warn whoever would install in another namespace only of what is dead', async () => {
    expect(await findings('before', 'elsewhere')).toEqual([]);
  });

  it('find a caBundle that is empty, and one that is no certificate', async () => {
    const path =
      '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/kthena-router-validating-webhook';
    const { body } = (await cluster.request('GET', path)) as {
      body: { webhooks: { clientConfig: { caBundle?: string } }[] };
    };
    const kept = structuredClone(body.webhooks);
    delete body.webhooks[0]!.clientConfig.caBundle;
    await cluster.request('PATCH', path, { webhooks: body.webhooks });
    expect(await findings('after')).toMatchObject([
      {
        severity: 'error',
        seen: expect.stringContaining('the caBundle of webhook validate-modelroute.volcano.sh is empty'),
      },
    ]);
    // The API server takes whatever begins like a certificate.
    const text = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    body.webhooks[0]!.clientConfig.caBundle = Buffer.from(text).toString('base64');
    await cluster.request('PATCH', path, { webhooks: body.webhooks });
    const [finding] = await findings('after');
    expect(finding).toMatchObject({
      severity: 'error',
      seen: expect.stringContaining('not a valid X.509 certificate'),
    });
    expect(finding!.hint).toContain(`kthena certs renew kthena -n ${NAMESPACE}`);
    await cluster.request('PATCH', path, { webhooks: kept });
  });

  it('find Services without ready pods, and without pods a way on is said', async () => {
    await kubectl('scale', 'deployment', '--all', '--replicas=0', '-n', NAMESPACE);
    const found = await eventually('the endpoints are gone', async () => {
      const seen = await findings('after');
      return seen.length === CONFIGURATIONS.length ? seen : undefined;
    });
    for (const finding of found) {
      expect(finding).toMatchObject({ severity: 'error', seen: expect.stringContaining('has no ready endpoint') });
      expect(finding.hint).toContain(`kthena status kthena -n ${NAMESPACE}`);
    }
    // An upgrade may be what mends it.
    expect(await findings('before')).toEqual([]);
  });

  it('find a Service that is gone, which an upgrade makes again', async () => {
    await kubectl('delete', 'service', 'kthena-router-webhook', '-n', NAMESPACE);
    const lost = `Service ${NAMESPACE}/kthena-router-webhook does not exist`;
    expect(await findings('after')).toContainEqual(expect.objectContaining({ seen: expect.stringContaining(lost) }));
    await mustRun(['upgrade', '--no-wait'], { env: cluster.env });
    expect(JSON.stringify(await findings('after'))).not.toContain(lost);
  });

  it('left over by an install whose namespace is gone are a warning for the next, which --take-ownership would make its own', async () => {
    await kubectl('delete', 'service', '--all', '-n', NAMESPACE);
    const found = await findings('before', 'elsewhere');
    expect(found.map(({ severity }) => severity)).toEqual(['warning', 'warning', 'warning']);
    for (const { hint } of found) expect(hint).toMatch(/kubectl delete \w+webhookconfiguration kthena-/);
  });
});
