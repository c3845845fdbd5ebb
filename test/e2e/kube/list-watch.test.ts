import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KubeClient, ListQuery, WatchEvent } from '../../../src/kube/client.js';
import { createClient } from '../../../src/kube/http-client.js';
import { refOf } from '../../../src/kube/object.js';
import type { RequestTrace } from '../../../src/kube/transport.js';
import { FaultProxy } from './fault-proxy.js';
import { all, clientOf, configMap, iterate, sharedCluster } from './setup.js';

const cluster = sharedCluster();
let proxy: FaultProxy;
let admin: KubeClient;
let client: KubeClient;
let namespace: string;
let query: ListQuery;
const traces: RequestTrace[] = [];

beforeAll(async () => {
  admin = await clientOf(cluster);
  proxy = await FaultProxy.start(cluster);
  client = createClient(proxy.connection, {
    userAgent: 'kthena/test',
    pageSize: 3,
    onRequest: (trace) => traces.push(trace),
    watchTiming: { pauseMs: 20 },
  });
  namespace = await cluster.newNamespace('kube-watch');
  query = { apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector: 'test=yes' };
  for (let i = 0; i < 8; i++) await admin.create(labelled(`item-${i}`), { fieldManager: 'test' });
});

afterEach(() => {
  proxy.rule = () => undefined;
});

afterAll(async () => {
  client.close();
  admin.close();
  await proxy.stop();
});

function labelled(name: string): ReturnType<typeof configMap> {
  const object = configMap(namespace, name);
  object.metadata.labels = { test: 'yes' };
  return object;
}

const ITEMS = Array.from({ length: 8 }, (_, i) => `item-${i}`);

/** Events as they come, with a way to wait until enough of them are there. */
function follow(of: ListQuery = query): {
  events: string[];
  until: (last: string) => Promise<void>;
  stop: () => Promise<void>;
} {
  const events: string[] = [];
  const controller = new AbortController();
  const running = (async () => {
    for await (const event of client.watch(of, controller.signal)) events.push(nameOf(event));
  })();
  return {
    events,
    until: (last) => Promise.race([expect.poll(() => events, { timeout: 10_000 }).toContain(last), running]),
    stop: async () => {
      controller.abort();
      await running;
    },
  };
}

function nameOf({ type, object }: WatchEvent): string {
  return `${type} ${object.metadata.name}`;
}

describe('list', () => {
  it('reads page after page, with kind and apiVersion on each object', async () => {
    traces.length = 0;
    const objects = await all(client.list(query));
    expect(objects.map((object) => object.metadata.name)).toEqual(ITEMS);
    expect(new Set(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))).toEqual(new Set(['v1 ConfigMap']));
    expect(traces).toHaveLength(3);
  });

  it('asks for no more pages than are read', async () => {
    traces.length = 0;
    for await (const object of client.list(query)) {
      expect(object.metadata.name).toBe('item-0');
      break;
    }
    expect(traces).toHaveLength(1);
  });

  it('reads all namespaces, and takes field selectors', async () => {
    const found = await all(
      client.list({ apiVersion: 'v1', kind: 'Namespace', fieldSelector: `metadata.name=${namespace}` }),
    );
    expect(found.map((object) => object.metadata.name)).toEqual([namespace]);
    const everywhere = await all(client.list({ apiVersion: 'v1', kind: 'ConfigMap', labelSelector: 'test=yes' }));
    expect(everywhere.filter((object) => object.metadata.namespace === namespace)).toHaveLength(8);
  });

  it('goes on where it was when the list expires between two pages', async () => {
    proxy.rule = ({ path, count }) => {
      const token = new URL(path, 'https://x').searchParams.get('continue');
      if (token === null || count > 1) return undefined;
      // The token the API server offers leads on from the same key.
      const body = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old', metadata: { continue: token } };
      return { type: 'answer', status: 410, body };
    };
    expect((await all(client.list(query))).map((object) => object.metadata.name)).toEqual(ITEMS);
  });

  it('fails where an expired list cannot go on', async () => {
    proxy.rule = ({ path }) =>
      path.includes('continue=')
        ? { type: 'answer', status: 410, body: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' } }
        : undefined;
    await expect(all(client.list(query))).rejects.toMatchObject({ status: 410, reason: 'Expired' });
  });
});

describe('watch', () => {
  it('tells what is there, then what changes, and ends quietly', async () => {
    const watch = follow();
    await watch.until('ADDED item-7');
    expect(watch.events).toEqual(ITEMS.map((name) => `ADDED ${name}`));
    await admin.create(labelled('fresh'), { fieldManager: 'test' });
    await watch.until('ADDED fresh');
    await admin.apply({ ...labelled('fresh'), data: { a: '1' } }, { fieldManager: 'test', force: true });
    await watch.until('MODIFIED fresh');
    await admin.delete(refOf(labelled('fresh')));
    await watch.until('DELETED fresh');
    await watch.stop();
    expect(watch.events.slice(8)).toEqual(['ADDED fresh', 'MODIFIED fresh', 'DELETED fresh']);
  });

  it('resumes after a lost connection without telling anything twice', async () => {
    const watch = follow();
    await watch.until('ADDED item-7');
    traces.length = 0;
    proxy.cut();
    await admin.create(labelled('meanwhile'), { fieldManager: 'test' });
    await watch.until('ADDED meanwhile');
    await admin.delete(refOf(labelled('meanwhile')));
    await watch.until('DELETED meanwhile');
    await watch.stop();
    expect(watch.events.slice(8)).toEqual(['ADDED meanwhile', 'DELETED meanwhile']);
    expect(traces.filter(({ path }) => !path.includes('watch=true'))).toEqual([]);
  });

  it('outlives a server that is away for a moment', async () => {
    const watch = follow();
    await watch.until('ADDED item-7');
    await proxy.down(700);
    await admin.create(labelled('later'), { fieldManager: 'test' });
    await watch.until('ADDED later');
    await admin.delete(refOf(labelled('later')));
    await watch.until('DELETED later');
    await watch.stop();
  });

  it('tells what vanished while its version expired', async () => {
    for (const name of ['kept', 'vanishing']) await admin.create(labelled(name), { fieldManager: 'test' });
    const watch = follow();
    await watch.until('ADDED vanishing');
    let expired = false;
    proxy.rule = ({ path }) => {
      if (!path.includes('watch=true') || expired) return undefined;
      expired = true;
      const event = {
        type: 'ERROR',
        object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' },
      };
      return { type: 'answer', status: 200, body: `${JSON.stringify(event)}\n` };
    };
    await Promise.all([admin.delete(refOf(labelled('vanishing'))), new Promise((resolve) => setTimeout(resolve, 20))]);
    proxy.cut();
    await watch.until('DELETED vanishing');
    await admin.delete(refOf(labelled('kept')));
    await watch.until('DELETED kept');
    await watch.stop();
    expect(expired).toBe(true);
    expect(watch.events.filter((event) => event.endsWith('kept'))).toEqual(['ADDED kept', 'DELETED kept']);
  });

  it('fails where the login is not accepted any more', async () => {
    const watch = iterate(client.watch(query, new AbortController().signal));
    for (let i = 0; i < 8; i++) await watch.next();
    proxy.rule = () => ({ type: 'answer', status: 401, body: { kind: 'Status', message: 'Unauthorized' } });
    const next = watch.next();
    proxy.cut();
    await expect(next).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('fails at once where the kind is unknown or the server is away from the start', async () => {
    const unknown = iterate(
      client.watch({ apiVersion: 'nothing.example/v1', kind: 'Thing' }, new AbortController().signal),
    );
    await expect(unknown.next()).rejects.toMatchObject({ code: 'not-found' });
    const nobody = createClient({ ...proxy.connection, server: 'https://127.0.0.1:1' }, { userAgent: 'x' });
    await expect(iterate(nobody.watch(query, new AbortController().signal)).next()).rejects.toMatchObject({
      code: 'unreachable',
    });
    nobody.close();
  });

  it('ends with the client, as interrupted', async () => {
    const controller = new AbortController();
    const short = createClient(proxy.connection, { userAgent: 'x', signal: controller.signal });
    const watch = iterate(short.watch(query, new AbortController().signal));
    await watch.next();
    controller.abort();
    const rest = (async () => {
      for (;;) if ((await watch.next()).done === true) return;
    })();
    await expect(rest).rejects.toMatchObject({ code: 'interrupted' });
    short.close();
  });

  it('leaves no request behind when it is not read to the end', async () => {
    const watch = iterate(client.watch(query, new AbortController().signal));
    for (let i = 0; i < 8; i++) await watch.next();
    const ninth = watch.next();
    await expect.poll(() => proxy.openRequests).toBe(1);
    await admin.create(labelled('ninth'), { fieldManager: 'test' });
    await ninth;
    await watch.return?.();
    await expect.poll(() => proxy.openRequests).toBe(0);
    await admin.delete(refOf(labelled('ninth')));
  });

  it('fits many times into one connection beside other requests', async () => {
    const watches = Array.from({ length: 30 }, () => follow());
    await Promise.all(watches.map((watch) => watch.until('ADDED item-7')));
    expect(await all(client.list(query))).toHaveLength(8);
    await Promise.all(watches.map((watch) => watch.stop()));
  });
});
