import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinedBundle, toCaBundle } from '../../../src/certs/bundle.js';
import { issueCertificate, type KeyPairFiles } from '../../../src/certs/issue.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { mustRun, runKthena } from '../install/program.js';
import { COMPONENTS, issueBoth, putSecret, secretOf, serverNameOf, type Component } from './setup.js';

const NAMESPACE = 'kthena-system';

let cluster: ControlPlane;
let kubelet: ChildProcess | undefined;
let pairs: Record<Component, KeyPairFiles>;
/** What each component serves at the moment, however its Secret looks. */
const served = new Map<Component, SecureContext>();
const closing: (() => void)[] = [];

beforeAll(async () => {
  cluster = await startControlPlane();
  await cluster.kubectl(['create', 'namespace', NAMESPACE]);
  pairs = await issueBoth(NAMESPACE);
  for (const component of COMPONENTS) await putSecret(cluster, NAMESPACE, secretOf(component), pairs[component]);
  const caBundle = toCaBundle(joinedBundle(...COMPONENTS.map((component) => pairs[component].ca)));
  await mustRun(['install', '--set', `global.certManagementMode=manual,global.webhook.caBundle=${caBundle}`], cluster);
  await forwardPorts();
});

afterAll(async () => {
  kubelet?.kill();
  for (const close of closing) close();
  await cluster?.stop();
});

/** A server that begins to speak TLS with what `served` says when it is called. */
async function serve(component: Component): Promise<number> {
  const server = createServer((connection) => {
    const socket = new TLSSocket(connection, { isServer: true, secureContext: served.get(component)! });
    for (const one of [connection, socket]) one.on('error', () => undefined);
  });
  closing.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Starts kwok once more, as the kubelet of all nodes: its server forwards ports with the code that kubelets have. */
async function forwardPorts(): Promise<void> {
  const { body } = await cluster.request('GET', `/api/v1/namespaces/${NAMESPACE}/pods`);
  const forwards = await Promise.all(
    (body as { items: { metadata: { name: string } }[] }).items.map(async ({ metadata: { name } }) => {
      const component = COMPONENTS.find((candidate) => name.startsWith(candidate))!;
      const target = { address: '127.0.0.1', port: await serve(component) };
      return {
        apiVersion: 'kwok.x-k8s.io/v1alpha1',
        kind: 'PortForward',
        metadata: { name, namespace: NAMESPACE },
        spec: { forwards: [{ ports: [8443], target }] },
      };
    }),
  );
  const config = join(cluster.dir, 'port-forwards.yaml');
  await writeFile(config, forwards.map((forward) => JSON.stringify(forward)).join('\n---\n'));
  const port = await freePort();
  const args = [
    `--kubeconfig=${join(cluster.dir, 'admin.kubeconfig')}`,
    '--manage-nodes-with-label-selector=nobody=none',
    `--config=${config}`,
    `--server-address=127.0.0.1:${port}`,
    `--tls-cert-file=${join(cluster.dir, 'apiserver.crt')}`,
    `--tls-private-key-file=${join(cluster.dir, 'apiserver.key')}`,
  ];
  kubelet = spawn(join(cluster.bin, 'kwok'), args, { stdio: 'ignore' });
  const nodes = (await cluster.request('GET', '/api/v1/nodes')).body as { items: { metadata: { name: string } }[] };
  for (const { metadata } of nodes.items) {
    await cluster.request('PATCH', `/api/v1/nodes/${metadata.name}/status`, {
      status: {
        addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
        daemonEndpoints: { kubeletEndpoint: { Port: port } },
      },
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function serves(component: Component, { certificate, privateKey }: KeyPairFiles): void {
  served.set(component, createSecureContext({ cert: certificate, key: privateKey }));
}

async function problems(): Promise<{ code: number; found: { severity: string; message: string }[]; stderr: string }> {
  const { code, stdout, stderr } = await runKthena(['certs', 'status', '-o', 'json', '--debug'], cluster);
  const { certificates } = JSON.parse(stdout) as {
    certificates: { problems: { severity: string; message: string }[] }[];
  };
  return { code, found: certificates.flatMap((certificate) => certificate.problems), stderr };
}

describe('what pods serve', () => {
  it('is seen through a forwarded port, and counts more than the age of the pods', async () => {
    for (const component of COMPONENTS) serves(component, pairs[component]);
    // The Secret is written anew after the pods began, with what it held.
    const [router] = COMPONENTS;
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await putSecret(cluster, NAMESPACE, secretOf(router), await issueFor(router));
    await putSecret(cluster, NAMESPACE, secretOf(router), pairs[router]);
    await expect.poll(async () => (await problems()).found, { timeout: 20_000 }).toEqual([]);
    const { code, stderr } = await problems();
    expect(code).toBe(0);
    expect(stderr.match(/GET \/api\/v1\/namespaces\/kthena-system\/pods\/\S+\/portforward\?ports=8443/g)).toHaveLength(
      2,
    );
  });

  it('is an error where the webhooks would not trust it, though Secret and caBundle agree', async () => {
    const [router] = COMPONENTS;
    serves(router, await issueFor(router));
    const { code, found } = await problems();
    expect(code).toBe(1);
    expect(found).toMatchObject([
      {
        severity: 'error',
        message: expect.stringMatching(
          /^serves another certificate than Secret\/kthena-system\/kthena-router-webhook-certs holds, and it does not do: .*CN=Kthena webhook CA/,
        ),
      },
    ]);
    const check = await runKthena(['check', '--skip-checks=redis'], cluster);
    expect(check.stdout).toContain('serves another certificate than');
    expect(check.stdout).toContain(`kubectl rollout restart deployment/kthena-router -n ${NAMESPACE}`);
    serves(router, pairs[router]);
  });

  it('is compared by time where a pod cannot be asked', async () => {
    kubelet?.kill();
    const { code, found } = await problems();
    expect(code).toBe(0);
    expect(found).toMatchObject([{ severity: 'warning', message: expect.stringMatching(/^runs since before Secret/) }]);
  });
});

function issueFor(component: Component): Promise<KeyPairFiles> {
  return issueCertificate({ names: [serverNameOf(component, NAMESPACE)], now: new Date() });
}
