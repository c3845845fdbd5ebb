import { readFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient } from '../../../src/kube/http-client.js';
import { loadConnection } from '../../../src/kube/kubeconfig.js';
import type { KubeObject } from '../../../src/kube/object.js';
import { refOf } from '../../../src/kube/object.js';
import { apply, cluster, deployment, testClient, wait } from './setup.js';

function configMap(namespace: string, name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { a: 'b' } };
}

describe('waitUntilReady', () => {
  it('ends when Deployments are ready, and tells how they got there', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const refs = await apply(
      client,
      configMap(namespace, 'config'),
      deployment(namespace, { name: 'a' }),
      deployment(namespace, { name: 'b' }),
    );
    const { result, events, elapsedMs } = await wait(client, refs);
    expect(result).toEqual({ outcome: 'ready', notReady: [], remarks: [] });
    expect(elapsedMs).toBeLessThan(5_000);
    expect(
      events
        .filter(({ status }) => status.state === 'ready')
        .map(({ ref }) => ref.name)
        .sort(),
    ).toEqual(['a', 'b', 'config']);
  });

  it('waits for a Deployment that takes its time, and ends as soon as it is ready', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const slow = deployment(namespace, { annotations: { 'test.kthena/ready-after': '2s' } });
    const { result, events, elapsedMs } = await wait(client, await apply(client, slow));
    expect(result.outcome).toBe('ready');
    expect(elapsedMs).toBeGreaterThan(1_500);
    expect(elapsedMs).toBeLessThan(6_000);
    expect(events.flatMap(({ problems }) => problems).map(({ reason }) => reason)).toContain('Pending');
    expect(events.at(-1)).toMatchObject({ status: { state: 'ready' }, problems: [] });
  });

  it('waits for objects that do not exist yet', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const objects = [configMap(namespace, 'config'), deployment(namespace)];
    const waiting = wait(client, objects.map(refOf));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await apply(client, ...objects);
    expect((await waiting).result.outcome).toBe('ready');
  });

  it('sees the end of a rollout, not the readiness of what runs before it', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    await wait(client, await apply(client, deployment(namespace)));
    const changed = deployment(namespace, { annotations: { 'test.kthena/ready-after': '1s' } });
    const { result, elapsedMs } = await wait(client, await apply(client, changed));
    expect(result.outcome).toBe('ready');
    expect(elapsedMs).toBeGreaterThan(800);
  });

  it('names what is missing at the timeout', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const ref = refOf(configMap(namespace, 'nowhere'));
    const { result } = await wait(client, [ref], { timeoutMs: 300 });
    expect(result).toEqual({
      outcome: 'timeout',
      notReady: [{ ref, status: { state: 'missing', message: 'does not exist' }, problems: [] }],
      remarks: [],
    });
  });

  it('is ready at once with nothing to wait for', async () => {
    const { result } = await wait(await testClient(), []);
    expect(result.outcome).toBe('ready');
  });

  it('remarks a load balancer without an address, and does not wait for it', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const service: KubeObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'router', namespace },
      spec: { type: 'LoadBalancer', selector: { app: 'router' }, ports: [{ port: 80 }] },
    };
    const [ref] = await apply(client, service);
    const { result } = await wait(client, [ref!]);
    expect(result.outcome).toBe('ready');
    expect(result.remarks).toEqual([{ ref, remark: expect.stringContaining('no external address') as string }]);
  });

  it('waits until cert-manager has written the CA of a webhook configuration', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const name = `of-${namespace}`;
    const path = `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${name}`;
    onTestFinished(async () => void (await cluster.request('DELETE', path)));
    const webhooks = (caBundle?: string) => [
      {
        name: 'a.example.com',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        clientConfig: { service: { name: 'router', namespace }, caBundle },
        rules: [{ apiGroups: ['example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nothings'] }],
      },
    ];
    const refs = await apply(client, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name, annotations: { 'cert-manager.io/inject-ca-from': `${namespace}/router` } },
      webhooks: webhooks(),
    });
    const waiting = wait(client, refs);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const caBundle = (await readFile(cluster.caFile)).toString('base64');
    expect((await cluster.request('PATCH', path, { webhooks: webhooks(caBundle) })).status).toBe(200);
    const { result, events, elapsedMs } = await waiting;
    expect(result.outcome).toBe('ready');
    expect(events.map(({ problems }) => problems[0]?.reason)).toEqual(['NoCABundle', undefined]);
    expect(elapsedMs).toBeLessThan(3_000);
  });

  it('asks nothing while nothing changes: it watches', async () => {
    const asked: string[] = [];
    const client = createClient(await loadConnection(cluster), {
      userAgent: 'kthena/test',
      onRequest: ({ path }) => asked.push(path),
    });
    onTestFinished(() => client.close());
    const namespace = await cluster.newNamespace();
    const stuck = deployment(namespace, { annotations: { 'test.kthena/waiting-reason': 'ErrImagePull' } });
    const waiting = wait(client, await apply(client, stuck), { timeoutMs: 15_000 });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const before = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    expect(asked.slice(before)).toEqual([]);
    expect((await waiting).result.outcome).toBe('timeout');
  });

  it('stops quietly when interrupted', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const stuck = deployment(namespace, { annotations: { 'test.kthena/waiting-reason': 'ErrImagePull' } });
    const controller = new AbortController();
    const waiting = wait(client, await apply(client, stuck), { signal: controller.signal });
    setTimeout(() => controller.abort(), 700);
    const { result, elapsedMs } = await waiting;
    expect(result.outcome).toBe('interrupted');
    expect(result.notReady.map(({ ref }) => ref.name)).toEqual(['router']);
    expect(elapsedMs).toBeLessThan(2_000);
  });

  it('throws where objects may not be watched', async () => {
    const namespace = await cluster.newNamespace();
    const nobody = await testClient(await cluster.userKubeconfig({ name: 'nobody' }));
    await expect(wait(nobody, [refOf(deployment(namespace))])).rejects.toMatchObject({ code: 'forbidden' });
  });
});
