import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { issueCertificate, type KeyPairFiles } from '../../../src/certs/issue.js';
import { admission } from '../../../src/preflight/admission/admission.js';
import type { Finding } from '../../../src/preflight/check.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { callsFor, pathsCalled, PATHS } from '../certs/admission.js';
import { replaceCaBundles } from '../certs/ca-bundles.js';
import { standIn, type StandIn } from '../certs/stand-in.js';
import { eventually } from '../install/cluster-state.js';
import { mustRun, runKthena } from '../install/program.js';
import { clientFor, resultOf, subjectIn } from './setup.js';

const NAMESPACE = 'kthena-system';
const SERVICES = ['kthena-router-webhook', 'kthena-controller-manager-webhook'];
const DEPLOYMENTS = ['deployment/kthena-router', 'deployment/kthena-controller-manager'];
const NAMES = SERVICES.map((service) => `${service}.${NAMESPACE}.svc`);
/** Longer ago than certificates are valid. */
const LONG_AGO = new Date(Date.now() - 11 * 365 * 86_400_000);

let cluster: ControlPlane;
let components: StandIn;
let good: KeyPairFiles;

beforeAll(async () => {
  cluster = await startControlPlane({ podsAnswer: true });
  components = standIn(cluster, NAMESPACE);
  await cluster.kubectl(['create', 'namespace', NAMESPACE]);
  good = await issueCertificate({ names: NAMES, now: new Date() });
  for (const service of SERVICES) await writeSecret(service, good);
  const caBundle = base64(good.ca);
  const flags = ['--set', 'global.certManagementMode=manual', '--set', `global.webhook.caBundle=${caBundle}`];
  await mustRun(['install', ...flags], { env: cluster.env });
});
afterAll(async () => {
  await components.close();
  await cluster.stop();
});
beforeEach(() => void components.calls.splice(0));

const base64 = (text: string): string => Buffer.from(text).toString('base64');

async function kubectl(...args: string[]): Promise<void> {
  expect(await cluster.kubectl([...args, '-n', NAMESPACE])).toMatchObject({ code: 0 });
}

async function writeSecret(service: string, { certificate, privateKey, ca }: KeyPairFiles): Promise<void> {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `${service}-certs`, namespace: NAMESPACE },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': certificate, 'tls.key': privateKey, 'ca.crt': ca },
  };
  expect(await cluster.kubectl(['apply', '-f', '-'], { input: JSON.stringify(secret) })).toMatchObject({ code: 0 });
}

/** Has the components serve a certificate, and the API server trust its CA. */
async function serve(pair: KeyPairFiles): Promise<void> {
  for (const service of SERVICES) await writeSecret(service, pair);
  await replaceCaBundles(cluster, base64(pair.ca));
  await kubectl('rollout', 'restart', ...DEPLOYMENTS);
  for (const deployment of DEPLOYMENTS) await kubectl('rollout', 'status', deployment);
}

async function findings(kubeconfig?: string): Promise<Finding[]> {
  const client = await clientFor(cluster, kubeconfig);
  const { plan: _, ...installed } = await subjectIn(client, NAMESPACE);
  return (await resultOf(admission, installed, client)).findings;
}

/** The API server takes changes of configurations, Services and endpoints up after a moment. */
const once = (words: string): Promise<Finding[]> =>
  eventually(`a finding says: ${words}`, async () => {
    const found = await findings();
    return found.length === 2 && found.every(({ seen }) => seen.includes(words)) ? found : undefined;
  });

const silent = (): Promise<unknown> =>
  eventually('the check is silent', async () => ((await findings()).length === 0 ? true : undefined));

/** One finding for each component, since both fail alike. */
const BOTH = [
  { severity: 'error', object: { name: 'kthena-controller-manager-validating-webhook' } },
  { severity: 'error', object: { name: 'kthena-router-validating-webhook' } },
];

describe('admission', () => {
  it('goes through every webhook, leaves nothing behind, and is silent where all answer', async () => {
    expect(await findings()).toEqual([]);
    expect(pathsCalled(components, 'kthena-check')).toEqual(PATHS);
    expect(callsFor(components.calls, 'kthena-check').every(({ dryRun }) => dryRun)).toBe(true);
    const kinds = 'modelroutes,modelservers,modelservings,modelboosters,autoscalingpolicies';
    const { stdout } = await cluster.kubectl(['get', kinds, '-A', '-o', 'name']);
    expect(stdout).toBe('');
  });

  it('is silent where resources of that name exist', async () => {
    const route = {
      apiVersion: 'networking.serving.volcano.sh/v1alpha1',
      kind: 'ModelRoute',
      metadata: { name: 'kthena-check', namespace: NAMESPACE },
      spec: { modelName: 'mine', rules: [{ targetModels: [{ modelServerName: 'mine' }] }] },
    };
    expect(await cluster.kubectl(['create', '-f', '-'], { input: JSON.stringify(route) })).toMatchObject({ code: 0 });
    expect(await findings()).toEqual([]);
    await kubectl('delete', 'modelroute', 'kthena-check');
  });

  it('is a part of kthena check', async () => {
    const { stdout } = await runKthena(['check', '-o', 'json'], { env: cluster.env });
    const { checks } = JSON.parse(stdout) as { checks: { id: string; status: string }[] };
    expect(checks).toContainEqual(expect.objectContaining({ id: 'admission', status: 'passed' }));
    expect(checks).toContainEqual(expect.objectContaining({ id: 'webhooks', status: 'passed' }));
  });

  it('warns a user who may not create the resources', async () => {
    const found = await findings(await cluster.userKubeconfig({ name: 'bob' }));
    expect(found).toMatchObject([
      { severity: 'warning', seen: expect.stringContaining('User "bob" cannot create resource') },
    ]);
    expect(components.calls).toEqual([]);
  });

  it('finds a certificate of a CA that is not in the caBundle', async () => {
    const { ca } = await issueCertificate({ names: NAMES, now: new Date() });
    await replaceCaBundles(cluster, base64(ca));
    const found = await once('certificate signed by unknown authority');
    expect(found).toMatchObject(BOTH);
    expect(found[1]!.seen).toContain('no ModelRoute or ModelServer can be created');
    expect(found[0]!.hint).toContain(`kthena certs renew kthena -n ${NAMESPACE}`);
    await replaceCaBundles(cluster, base64(good.ca));
    await silent();
  });

  it.each([
    ['is for another name', ['elsewhere.svc'], new Date()],
    ['has expired', NAMES, LONG_AGO],
  ])('finds a certificate that %s', async (words, names, now) => {
    await serve(await issueCertificate({ names, now }));
    expect(await once(`its certificate ${words}`)).toMatchObject(BOTH);
    await serve(good);
    await silent();
  });

  it('finds a webhook that does not answer in time', async () => {
    await patchTimeouts(1);
    // With the connections that the API server keeps.
    await components.close();
    const { stdout } = await cluster.kubectl([
      'get',
      'pods',
      '-n',
      NAMESPACE,
      '-o',
      'jsonpath={.items[*].status.podIP}',
    ]);
    const held = stdout.split(' ').map((address) => cluster.pods!.listen(address, 8443, () => undefined));
    const found = await once('it does not answer in time');
    expect(found).toMatchObject(BOTH);
    expect(found[0]!.hint).toContain('NetworkPolicy');
    for (const leave of held) leave();
    components = standIn(cluster, NAMESPACE);
    await silent();
  });

  it('finds a Service without pods, and one that is gone', async () => {
    await kubectl('scale', '--replicas=0', ...DEPLOYMENTS);
    const found = await once('no endpoints available');
    expect(found).toMatchObject(BOTH);
    expect(found[0]!.hint).toContain(`kthena status kthena -n ${NAMESPACE}`);
    for (const service of SERVICES) await kubectl('delete', 'service', service);
    const gone = await once('its Service does not exist');
    expect(gone[0]!.hint).toContain(`kthena upgrade kthena -n ${NAMESPACE}`);
  });
});

async function patchTimeouts(seconds: number): Promise<void> {
  for (const type of ['mutating', 'validating']) {
    const path = `/apis/admissionregistration.k8s.io/v1/${type}webhookconfigurations`;
    const { body } = (await cluster.request('GET', path)) as {
      body: { items: { metadata: { name: string }; webhooks: object[] }[] };
    };
    for (const { metadata, webhooks } of body.items) {
      const patch = { webhooks: webhooks.map((webhook) => ({ ...webhook, timeoutSeconds: seconds })) };
      await cluster.request('PATCH', `${path}/${metadata.name}`, patch);
    }
  }
}
