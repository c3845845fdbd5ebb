import { describe, expect, it } from 'vitest';
import { refOf, type KubeObject } from '../../../src/kube/object.js';
import { waitUntilGone } from '../../../src/wait/deletion.js';
import { apply, cluster, deployment, testClient } from './setup.js';

const limits = (timeoutMs = 20_000, signal = new AbortController().signal) => ({ timeoutMs, signal });

function configMap(namespace: string, name: string, finalizers: string[] = []): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, finalizers } };
}

describe('waitUntilGone', () => {
  it('ends when the objects are gone, those that never were included', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const [there] = await apply(client, deployment(namespace));
    await client.delete(there!, { propagation: 'Foreground' });
    const result = await waitUntilGone(client, [there!, refOf(configMap(namespace, 'never'))], limits());
    expect(result).toEqual({ outcome: 'gone', remaining: [] });
    expect(await client.get(there!)).toBeUndefined();
  });

  it('sees a deletion that comes later, at once', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const refs = await apply(client, configMap(namespace, 'a'), configMap(namespace, 'b'));
    const waiting = waitUntilGone(client, refs, limits());
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const start = performance.now();
    for (const ref of refs) await client.delete(ref);
    expect(await waiting).toEqual({ outcome: 'gone', remaining: [] });
    expect(performance.now() - start).toBeLessThan(500);
  });

  it('names what holds an object', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const [held, kept] = await apply(
      client,
      configMap(namespace, 'held', ['example.com/hold']),
      configMap(namespace, 'kept'),
    );
    await client.delete(held!);
    const result = await waitUntilGone(client, [held!, kept!], limits(500));
    expect(result).toEqual({
      outcome: 'timeout',
      remaining: [
        {
          ref: held,
          finalizers: ['example.com/hold'],
          deletionTimestamp: expect.stringMatching(/^\d{4}-/) as string,
          message: 'being deleted, held by finalizers: example.com/hold',
        },
        { ref: kept, finalizers: [], deletionTimestamp: undefined, message: 'nobody has deleted it' },
      ],
    });
    const waiting = waitUntilGone(client, [held!], limits());
    await cluster.request('PATCH', `/api/v1/namespaces/${namespace}/configmaps/held`, {
      metadata: { finalizers: null },
    });
    expect((await waiting).outcome).toBe('gone');
  });

  it('counts an object as gone that was made anew', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const [ref] = await apply(client, configMap(namespace, 'again'));
    const waiting = waitUntilGone(client, [ref!], limits());
    await new Promise((resolve) => setTimeout(resolve, 500));
    await client.delete(ref!);
    await apply(client, configMap(namespace, 'again'));
    expect((await waiting).outcome).toBe('gone');
  });

  it('tells what a namespace waits for', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    await apply(client, configMap(namespace, 'held', ['example.com/hold']));
    const ref = { apiVersion: 'v1', kind: 'Namespace', name: namespace };
    await client.delete(ref);
    const { outcome, remaining } = await waitUntilGone(client, [ref], limits(8_000));
    expect(outcome).toBe('timeout');
    expect(remaining[0]?.message).toMatch(/example\.com\/hold in 1 resource instances/);
    await cluster.request('PATCH', `/api/v1/namespaces/${namespace}/configmaps/held`, {
      metadata: { finalizers: null },
    });
  });

  it('is interrupted by the signal', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const refs = await apply(client, configMap(namespace, 'stays'));
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    const { outcome, remaining } = await waitUntilGone(client, refs, limits(20_000, controller.signal));
    expect(outcome).toBe('interrupted');
    expect(remaining).toHaveLength(1);
  });
});
