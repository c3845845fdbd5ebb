import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { issueCertificate, type KeyPairFiles } from '../../../src/certs/issue.js';
import { certManager } from '../../../src/preflight/cert-manager/cert-manager.js';
import type { Finding } from '../../../src/preflight/check.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { answer, type Call } from '../certs/admission-server.js';
import { installCertManagerCrds } from '../certs/cert-manager-kinds.js';
import { eventually } from '../install/cluster-state.js';
import { runKthena } from '../install/program.js';
import { provideCrd, removeCrd } from './crds.js';
import { clientFor, resultOf, subjectIn } from './setup.js';

const MODE = 'global.certManagementMode=cert-manager';
const WEBHOOK = 'webhook.cert-manager.io';

let cluster: ControlPlane;
beforeAll(async () => {
  cluster = await startControlPlane();
});
afterAll(() => cluster.stop());

async function findings({ set = [MODE], namespace = 'absent', kubeconfig = cluster.kubeconfig } = {}): Promise<
  Finding[]
> {
  const client = await clientFor(cluster, kubeconfig);
  return (await resultOf(certManager, await subjectIn(client, namespace, { set }), client)).findings;
}

describe('cert-manager that is not installed', () => {
  it('is no affair of other certificate modes', async () => {
    expect(await findings({ set: [] })).toEqual([]);
  });

  it('stops an install that needs it', async () => {
    const [finding, ...others] = await findings();
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'error',
      seen: 'cert-manager is not installed: CRDs certificates.cert-manager.io, issuers.cert-manager.io are not in the cluster',
    });
    expect(finding!.hint).toContain('--set global.certManagementMode=auto');
    const { code, stderr } = await runKthena(['install', '--set', MODE], { env: cluster.env });
    expect(code).toBe(1);
    expect(stderr).toContain('cert-manager is not installed');
  });

  it('is too old where it does not serve v1', async () => {
    for (const [kind, plural] of [
      ['Issuer', 'issuers'],
      ['Certificate', 'certificates'],
    ] as const) {
      await provideCrd(cluster, { group: 'cert-manager.io', kind, plural, version: 'v1alpha2' });
    }
    expect(await findings()).toMatchObject([
      {
        severity: 'error',
        seen: expect.stringContaining('issuers.cert-manager.io are not served as v1, only as v1alpha2'),
      },
    ]);
    for (const plural of ['issuers', 'certificates']) await removeCrd(cluster, `${plural}.cert-manager.io`);
  });
});

describe('cert-manager that is installed', () => {
  let server: WebhookServer;
  beforeAll(async () => {
    await installCertManagerCrds(cluster);
    for (const program of ['cert-manager', 'cainjector']) {
      await runProgram(program);
      await cluster.kubectl(['rollout', 'status', `deployment/${program}`]);
    }
  });
  beforeEach(async () => {
    server = await startWebhook();
    await configure({ url: server.url, caBundle: base64(server.pair.ca) });
  });
  afterEach(async () => {
    await cluster.kubectl(['delete', 'validatingwebhookconfiguration', 'cert-manager-webhook']);
    await server.close();
  });

  it('is silent, and its webhook was asked, whether the namespace exists or not', async () => {
    const namespace = await cluster.newNamespace();
    for (const where of ['absent', namespace]) {
      // The API server takes a configuration up after a moment.
      await eventually('the webhook is asked', async () => {
        await findings({ namespace: where });
        return server.calls.length === 2 ? true : void server.calls.splice(0);
      });
      server.calls.splice(0);
      expect(await findings({ namespace: where })).toEqual([]);
      expect(
        server.calls
          .splice(0)
          .map(({ kind, dryRun }) => `${kind} ${dryRun}`)
          .sort(),
      ).toEqual(['Certificate true', 'Issuer true']);
    }
  });

  it.each([
    [
      'has a certificate that is not trusted',
      async () => configure({ url: server.url, caBundle: base64((await issue()).ca) }),
      'certificate signed by unknown authority',
      'cainjector',
    ],
    [
      'is not there',
      () => configure({ service: { name: 'cert-manager-webhook', namespace: 'default' } }),
      'service "cert-manager-webhook" not found',
      'install it again',
    ],
    [
      'has no endpoints',
      async () => {
        await cluster.kubectl(['create', 'service', 'clusterip', 'idle-webhook', '--tcp=443']);
        await configure({ service: { name: 'idle-webhook', namespace: 'default' } });
      },
      'no endpoints available',
      'has just been installed',
    ],
    ['does not answer', () => Promise.resolve((server.mute = true)), 'deadline exceeded', 'port 10250'],
  ])('finds a webhook that %s', async (_, make, words, hint) => {
    await make();
    const found = await eventually('it is found', async () => {
      const seen = await findings();
      return seen.some((finding) => finding.seen.includes(words)) ? seen : undefined;
    });
    expect(found).toMatchObject([{ severity: 'error', seen: expect.stringContaining(WEBHOOK) }]);
    expect(found[0]!.hint).toContain(hint);
  });

  it('warns a user who may not try', async () => {
    const kubeconfig = await cluster.userKubeconfig({ name: 'carol' });
    const resources = 'customresourcedefinitions,namespaces';
    await cluster.kubectl(['create', 'clusterrole', 'look', '--verb=get', `--resource=${resources}`]);
    await cluster.kubectl(['create', 'clusterrolebinding', 'look', '--clusterrole=look', '--user=carol']);
    const found = await findings({ kubeconfig });
    expect(found.length).toBeGreaterThan(0);
    for (const finding of found) expect(finding.severity).toBe('warning');
    expect(found.map(({ seen }) => seen)).toContainEqual(expect.stringContaining('User "carol" cannot create'));
  });

  it('warns of a program that is not available', async () => {
    await runProgram('cainjector', { 'test.kthena/waiting-reason': 'ImagePullBackOff' });
    const [finding, ...others] = await findings();
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'warning',
      object: { kind: 'Deployment', namespace: 'default', name: 'cainjector' },
      seen: expect.stringContaining('writes the CA into the webhook configurations, and is not available'),
    });
  });
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const issue = (): Promise<KeyPairFiles> => issueCertificate({ names: ['localhost'], now: new Date() });

interface WebhookServer {
  url: string;
  pair: KeyPairFiles;
  calls: Call[];
  /** It takes calls, and answers none. */
  mute: boolean;
  close(): Promise<void>;
}

/** Stands in for cert-manager's webhook, on this machine. */
async function startWebhook(): Promise<WebhookServer> {
  const pair = await issue();
  const calls: Call[] = [];
  const server: Server = createServer({ cert: pair.certificate, key: pair.privateKey }, (request, response) => {
    if (started.mute) return;
    answer(request, response, { pod: 'webhook', fingerprint: '' }, (call) => calls.push(call)).catch(() =>
      response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const { port } = server.address() as AddressInfo;
  const started = { url: `https://localhost:${port}/validate`, pair, calls, mute: false, close };
  return started;
}

/** As cert-manager brings it. */
async function configure(clientConfig: object): Promise<void> {
  const configuration = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'cert-manager-webhook' },
    webhooks: [
      {
        name: WEBHOOK,
        clientConfig,
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        timeoutSeconds: 2,
        rules: [
          {
            apiGroups: ['cert-manager.io', 'acme.cert-manager.io'],
            apiVersions: ['v1'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['*/*'],
          },
        ],
      },
    ],
  };
  await cluster.kubectl(['delete', 'validatingwebhookconfiguration', 'cert-manager-webhook', '--ignore-not-found']);
  const { code, stderr } = await cluster.kubectl(['create', '-f', '-'], { input: JSON.stringify(configuration) });
  if (code !== 0) throw new Error(stderr);
}

/** A Deployment with the label by which cert-manager marks its programs; annotations are its pods'. */
async function runProgram(name: string, annotations: Record<string, string> = {}): Promise<void> {
  const labels = { 'app.kubernetes.io/name': name };
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default', labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations },
        spec: { containers: [{ name, image: 'registry.example/program:v1' }] },
      },
    },
  };
  await cluster.kubectl(['delete', 'deployment', name, '--ignore-not-found']);
  const { code, stderr } = await cluster.kubectl(['create', '-f', '-'], { input: JSON.stringify(object) });
  if (code !== 0) throw new Error(stderr);
}
