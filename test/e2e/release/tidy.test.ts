import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeClient } from '../../../src/kube/client.js';
import type { ReleaseStatus } from '../../../src/release/release.js';
import { ReleaseStore } from '../../../src/release/store.js';
import { tidyHistory } from '../../../src/release/tidy.js';
import type { Cluster } from '../../cluster/index.mjs';
import { json, sampleRelease, shared } from './fixtures.js';

const NOW = new Date('2025-03-04T05:06:07.089Z');

let cluster: Cluster;
let client: KubeClient;

beforeAll(async () => {
  ({ cluster, client } = await shared());
});
afterAll(() => client.close());

const WRITES = ['create', 'replace', 'apply', 'delete'];

/** A client that counts its requests and, where it is told so, breaks off before or after one of its writes, as a kill does. */
function counted(stopAt = Infinity, afterwards = false): { client: KubeClient; requests: () => number } {
  let requests = 0;
  let writes = 0;
  const proxy = new Proxy(client, {
    get: (target, key) => {
      const value = Reflect.get(target, key) as unknown;
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        requests++;
        const call = (): unknown => value.apply(target, args) as unknown;
        if (!WRITES.includes(String(key)) || ++writes < stopAt) return call();
        const done = afterwards ? (call() as Promise<unknown>) : Promise.resolve();
        return done.then(() => {
          throw new Error('killed');
        });
      };
    },
  });
  return { client: proxy, requests: () => requests };
}

async function releaseWith(...states: ReleaseStatus[]): Promise<string> {
  const namespace = await cluster.newNamespace('tidy');
  const store = new ReleaseStore(client, namespace);
  for (const [index, status] of states.entries()) {
    await store.create(sampleRelease(namespace, { revision: index + 1, status }));
  }
  return namespace;
}

async function tidied(client: KubeClient, namespace: string): Promise<void> {
  const history = await new ReleaseStore(client, namespace).history('kthena');
  await tidyHistory(new ReleaseStore(client, namespace), history, { historyMax: 4, now: NOW });
}

const statesIn = async (namespace: string): Promise<string[]> =>
  (await new ReleaseStore(client, namespace).history('kthena')).map(({ version, info }) => `${version} ${info.status}`);

const UNTIDY: ReleaseStatus[] = ['superseded', 'failed', 'deployed', 'pending-upgrade', 'deployed', 'deployed'];
const TIDY = ['3 superseded', '4 failed', '5 superseded', '6 deployed'];

describe('a history that is brought in order', () => {
  it('has one deployed revision, nothing pending, and no more than its limit, for Helm too', async () => {
    const namespace = await releaseWith(...UNTIDY);
    await tidied(client, namespace);
    expect(await statesIn(namespace)).toEqual(TIDY);
    for (const helm of [cluster.helm3, cluster.helm4]) {
      const shown = await json<{ revision: number; status: string }[]>(helm, ['history', 'kthena', '-n', namespace]);
      expect(shown.map(({ revision, status }) => `${revision} ${status}`)).toEqual(TIDY);
    }
  });

  it.each([1, 2, 3, 4, 5].flatMap((write) => [false, true].map((afterwards) => ({ write, afterwards }))))(
    'ends when it is done again after a kill at write $write (done: $afterwards)',
    async ({ write, afterwards }) => {
      const namespace = await releaseWith(...UNTIDY);
      await expect(tidied(counted(write, afterwards).client, namespace)).rejects.toThrow('killed');
      await tidied(client, namespace);
      expect(await statesIn(namespace)).toEqual(TIDY);
    },
  );

  it('needs no request where it is in order', async () => {
    const namespace = await releaseWith('superseded', 'failed', 'deployed');
    const history = await new ReleaseStore(client, namespace).history('kthena');
    const silent = counted();
    await tidyHistory(new ReleaseStore(silent.client, namespace), history, { historyMax: 3, now: NOW });
    expect(silent.requests()).toBe(0);
  });
});
