import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KubeClient } from '../../../src/kube/client.js';
import { createClient } from '../../../src/kube/http-client.js';
import { refOf } from '../../../src/kube/object.js';
import type { RequestTrace } from '../../../src/kube/transport.js';
import { FaultProxy } from './fault-proxy.js';
import { configMap, sharedCluster } from './setup.js';

const cluster = sharedCluster();

describe.each([
  ['HTTP/2', true, '2.0'],
  ['HTTP/1.1', false, '1.1'],
])('over %s', (_name, http2Too, version) => {
  const traces: RequestTrace[] = [];
  const waits: number[] = [];
  let proxy: FaultProxy;
  let client: KubeClient;
  let namespace: string;

  beforeAll(async () => {
    proxy = await FaultProxy.start(cluster, http2Too);
    namespace = await cluster.newNamespace('kube-faults');
    client = createClient(proxy.connection, {
      userAgent: 'kthena/test',
      timeoutMs: 2_000,
      onRequest: (trace) => traces.push(trace),
      // Long enough to notice that connections were closed.
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, 10, waits.push(ms))),
    });
  });

  afterEach(() => {
    proxy.rule = () => undefined;
    waits.length = 0;
    traces.length = 0;
  });

  afterAll(async () => {
    client.close();
    await proxy.stop();
  });

  const read = (): Promise<unknown> => client.read('/version');
  const version134 = expect.objectContaining({ major: '1' });

  it('speaks that version, over few connections', async () => {
    await read();
    const before = proxy.connections;
    await Promise.all(Array.from({ length: 20 }, read));
    await Promise.all(Array.from({ length: 20 }, read));
    expect([...proxy.versions]).toEqual([version]);
    expect(proxy.connections - before).toBeLessThanOrEqual(version === '2.0' ? 0 : 20);
  });

  it('waits as long as a busy server asks', async () => {
    proxy.rule = ({ count }) =>
      count % 3 === 0 ? undefined : { type: 'answer', status: 429, headers: { 'retry-after': '3' } };
    expect(await client.read('/version?busy')).toEqual(version134);
    expect(waits).toEqual([3000, 3000]);
  });

  it('tries a 503 again', async () => {
    proxy.rule = ({ count }) => (count === 1 ? { type: 'answer', status: 503 } : undefined);
    expect(await client.read('/version?down')).toEqual(version134);
    expect(traces.map(({ status }) => status)).toEqual([503, 200]);
  });

  it('tries again after a reset', async () => {
    await read();
    proxy.rule = ({ count }) => (count === 1 ? { type: 'reset' } : undefined);
    expect(await client.read('/version?reset')).toEqual(version134);
    expect(await client.get({ apiVersion: 'v1', kind: 'Namespace', name: 'default' })).toBeDefined();
  });

  it('applies again where the answer was lost, to the same end', async () => {
    const object = configMap(namespace, 'lost-apply', { a: '1' });
    proxy.rule = ({ method, count }) =>
      method === 'PATCH' && count === 1 ? { type: 'reset', afterwards: true } : undefined;
    expect((await client.apply(object, { fieldManager: 'kthena' }))['data']).toEqual({ a: '1' });
    expect(traces.filter(({ method }) => method === 'PATCH')).toHaveLength(2);
  });

  it('does not create again where the answer was lost, and says that it may be there', async () => {
    const object = configMap(namespace, 'lost-create');
    let posts = 0;
    proxy.rule = ({ method, count }) => {
      if (method !== 'POST') return undefined;
      posts = count;
      return { type: 'reset', afterwards: true };
    };
    const failure = client.create(object, { fieldManager: 'kthena' });
    await expect(failure).rejects.toMatchObject({
      code: 'unreachable',
      hint: expect.stringContaining('may have been done'),
    });
    expect(posts).toBe(1);
    expect(await client.get(refOf(object))).toBeDefined();
  });

  it('gives up on a server that keeps silent', async () => {
    proxy.rule = () => ({ type: 'silence' });
    const started = performance.now();
    const failure = client.create(configMap(namespace, 'silence'), { fieldManager: 'kthena' });
    await expect(failure).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('within 2 s'),
    });
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  it('gives up earlier where a request says so', async () => {
    const object = await client.create(configMap(namespace, 'urgent'), { fieldManager: 'kthena' });
    let puts = 0;
    proxy.rule = ({ method, count }) => {
      if (method !== 'PUT') return undefined;
      puts = count;
      return count === 1 ? { type: 'silence' } : undefined;
    };
    const started = performance.now();
    await client.replace(object, { fieldManager: 'kthena', timeoutMs: 300 });
    expect(puts).toBe(2);
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it('does not trust the connection of a silent server any more', async () => {
    proxy.rule = ({ method }) => (method === 'POST' ? { type: 'silence' } : undefined);
    const before = proxy.connections;
    const failure = client.create(configMap(namespace, 'silent'), { fieldManager: 'kthena' });
    await expect(failure).rejects.toMatchObject({ code: 'unreachable' });
    expect(await read()).toEqual(version134);
    expect(proxy.connections - before).toBeGreaterThan(0);
  });

  it('loses no create while servers leave in an orderly way', async () => {
    const draining = setInterval(() => proxy.drain(), 15);
    try {
      for (let round = 0; round < 10; round++) {
        const names = Array.from({ length: 20 }, (_, i) => `drained-${round}-${i}`);
        await Promise.all(names.map((name) => client.create(configMap(namespace, name), { fieldManager: 'kthena' })));
      }
    } finally {
      clearInterval(draining);
    }
  });

  it('stops at once when it is told to', async () => {
    proxy.rule = () => ({ type: 'silence' });
    const controller = new AbortController();
    const short = createClient(proxy.connection, { userAgent: 'x', signal: controller.signal });
    const failure = short.read('/version');
    setTimeout(() => controller.abort(), 100);
    await expect(failure).rejects.toMatchObject({ code: 'interrupted' });
    short.close();
  });

  it('outlives a restart of the server', async () => {
    const patient = createClient(proxy.connection, { userAgent: 'x' });
    await patient.read('/version');
    const away = proxy.down(600);
    expect(await patient.read('/version')).toEqual(version134);
    await away;
    patient.close();
  });

  it('says what a page of a proxy says', async () => {
    const page = '<html><title>Gateway</title><body>maintenance</body></html>';
    proxy.rule = () => ({ type: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: page });
    await expect(read()).rejects.toMatchObject({ code: 'cluster', message: expect.stringContaining('maintenance') });
  });
});
