import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubeClient } from '../../../src/kube/client.js';
import { listReleases } from '../../../src/release/list.js';
import { withStatus } from '../../../src/release/release.js';
import { ReleaseStore } from '../../../src/release/store.js';
import type { Cluster } from '../../cluster/index.mjs';
import { clientOf, sampleRelease, shared } from './fixtures.js';

let cluster: Cluster;
let client: KubeClient;
let namespace: string;
let store: ReleaseStore;

beforeAll(async () => {
  ({ cluster, client } = await shared());
});
afterAll(() => client.close());
beforeEach(async () => {
  namespace = await cluster.newNamespace('store');
  store = new ReleaseStore(client, namespace, () => new Date('2025-03-04T05:06:07.089Z'));
});

async function secretNames(): Promise<string[]> {
  const names: string[] = [];
  for await (const { metadata } of client.list({ apiVersion: 'v1', kind: 'Secret', namespace }))
    names.push(metadata.name);
  return names.sort();
}

/** Puts other bytes into a record, as a careless hand would. */
async function damage(name: string, data: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
  const { status } = await cluster.request('PATCH', path, { data: { release: Buffer.from(data).toString('base64') } });
  expect(status).toBe(200);
}

describe('a store', () => {
  it('is empty where there is no release', async () => {
    expect(await store.history('kthena')).toEqual([]);
    expect(await store.latest('kthena')).toBeUndefined();
    expect(await store.get('kthena', 1)).toBeUndefined();
    expect(await store.remove('kthena', 1)).toBe(false);
    expect(await new ReleaseStore(client, 'no-such-namespace').history('kthena')).toEqual([]);
  });

  it('gives back what was written, and says where it is', async () => {
    const release = sampleRelease(namespace, { config: { text: 'Ω🦙\n', list: [1, null, true] } });
    const written = await store.create(release);
    const { stored, ...record } = written;
    expect(record).toEqual(release);
    expect(stored).toMatchObject({
      name: 'sh.helm.release.v1.kthena.v1',
      namespace,
      labels: { name: 'kthena', owner: 'helm', status: 'deployed', version: '1', createdAt: '1741064767' },
    });
    expect(await store.get('kthena', 1)).toEqual(written);
    expect(await store.latest('kthena')).toEqual(written);
  });

  it('orders revisions by number, not by text', async () => {
    for (const revision of [2, 10, 1, 9]) await store.create(sampleRelease(namespace, { revision }));
    expect((await store.history('kthena')).map(({ version }) => version)).toEqual([1, 2, 9, 10]);
    expect((await store.latest('kthena'))?.version).toBe(10);
    expect(await store.remove('kthena', 10)).toBe(true);
    expect((await store.latest('kthena'))?.version).toBe(9);
  });

  it('keeps releases apart whose names contain each other', async () => {
    await store.create(sampleRelease(namespace, { name: 'kthena' }));
    await store.create(sampleRelease(namespace, { name: 'kthena.v1', revision: 7 }));
    expect((await store.history('kthena')).map(({ name, version }) => [name, version])).toEqual([['kthena', 1]]);
    expect((await store.history('kthena.v1')).map(({ name, version }) => [name, version])).toEqual([['kthena.v1', 7]]);
  });

  it('writes nothing where the record is too large even without the values', async () => {
    const manifest = `# ${randomBytes(900_000).toString('hex')}\n`;
    await expect(store.create(sampleRelease(namespace, { manifest }))).rejects.toMatchObject({ code: 'values' });
    expect((await secretNames()).filter((name) => name.startsWith('sh.helm'))).toEqual([]);
  });

  it('takes the largest record it does not refuse', async () => {
    let low = 700_000;
    for (let high = 800_000; high - low > 500;) {
      const middle = (low + high) >> 1;
      const release = sampleRelease(namespace, {
        name: 'probe',
        manifest: `# ${randomBytes(middle).toString('hex')}\n`,
      });
      const taken = await store.create(release).then(
        () => store.remove('probe', 1),
        () => false,
      );
      if (taken) low = middle;
      else high = middle;
    }
    const written = await store.create(
      sampleRelease(namespace, { manifest: `# ${randomBytes(low - 500).toString('hex')}\n` }),
    );
    const failure = randomBytes(2500).toString('hex');
    await expect(store.update(withStatus(written, 'failed', failure, new Date()))).resolves.toMatchObject({
      version: 1,
    });
  });
});

describe('two writers', () => {
  it('cannot both begin a revision', async () => {
    const others = new ReleaseStore(client, namespace);
    const attempts = await Promise.allSettled(
      [1, 2, 3].map(() => others.create(sampleRelease(namespace, { status: 'pending-install' }))),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = attempts.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({
      code: 'conflict',
      message: `release ${namespace}/kthena: somebody else has just begun revision 1`,
    });
  });

  it('cannot overwrite each other', async () => {
    const written = await store.create(sampleRelease(namespace));
    const read = (await store.latest('kthena'))!;
    await store.update(withStatus(written, 'superseded', 'By the first', new Date()));
    await expect(store.update(withStatus(read, 'failed', 'By the second', new Date()))).rejects.toMatchObject({
      code: 'conflict',
      message: `Secret/${namespace}/sh.helm.release.v1.kthena.v1: the release record was changed or deleted by somebody else in the meantime`,
    });
    expect((await store.latest('kthena'))!.info).toMatchObject({ status: 'superseded', description: 'By the first' });
  });

  it('cannot bring a deleted record back, nor write into one made anew', async () => {
    const written = await store.create(sampleRelease(namespace));
    await store.remove('kthena', 1);
    await expect(store.update(withStatus(written, 'failed', '', new Date()))).rejects.toMatchObject({
      code: 'conflict',
    });
    await store.create(sampleRelease(namespace));
    await expect(store.update(withStatus(written, 'failed', '', new Date()))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await store.latest('kthena'))!.info.status).toBe('deployed');
  });

  it('are not seen in a write that is sent twice because its answer was lost', async () => {
    const twice: Pick<KubeClient, 'create' | 'get' | 'replace'> = {
      get: (...args) => client.get(...args),
      create: (...args) => client.create(...args),
      replace: async (...args: Parameters<KubeClient['replace']>) => {
        await client.replace(...args);
        return client.replace(...args);
      },
    };
    const unlucky = new ReleaseStore(twice as KubeClient, namespace);
    const written = await unlucky.create(sampleRelease(namespace));
    const failed = await unlucky.update(withStatus(written, 'failed', 'Once', new Date()));
    expect(failed.info.status).toBe('failed');
    await expect(unlucky.update(withStatus(failed, 'deployed', 'Again', new Date()))).resolves.toMatchObject({
      version: 1,
    });
  });

  it('are told by a write in between from one that is repeated', async () => {
    const written = await store.create(sampleRelease(namespace));
    const once = await store.update(withStatus(written, 'failed', 'Once', new Date()));
    const again = await store.update(withStatus(once, 'deployed', 'Again', new Date()));
    expect(again.stored!.labels).toMatchObject({
      status: 'deployed',
      createdAt: '1741064767',
      modifiedAt: '1741064767',
    });
  });
});

describe('a damaged record', () => {
  beforeEach(async () => {
    await store.create(sampleRelease(namespace, { revision: 1 }));
    await store.create(sampleRelease(namespace, { revision: 2 }));
    await store.create(sampleRelease(namespace, { name: 'other' }));
  });

  it('stops whoever needs it, naming its Secret', async () => {
    await damage('sh.helm.release.v1.kthena.v1', 'garbage');
    const where = `Secret/${namespace}/sh.helm.release.v1.kthena.v1`;
    await expect(store.get('kthena', 1)).rejects.toMatchObject({
      code: 'cluster',
      message: expect.stringContaining(where) as string,
    });
    await expect(store.history('kthena')).rejects.toThrow(where);
    expect((await store.latest('kthena'))!.version).toBe(2);
  });

  it('does not hide the other releases in a list', async () => {
    await damage('sh.helm.release.v1.kthena.v2', gzipSync('{"name":"kthena"}').toString('base64'));
    const { releases, unreadable } = await listReleases(client, namespace);
    expect(releases.map(({ name }) => name)).toEqual(['other']);
    expect(unreadable.map(({ message }) => message)).toEqual([
      `Secret/${namespace}/sh.helm.release.v1.kthena.v2: the release record cannot be read: it has no namespace`,
    ]);
  });
});

describe('the list', () => {
  it('has the newest revision of each release, of one namespace or of all', async () => {
    const another = await cluster.newNamespace('store');
    await store.create(sampleRelease(namespace, { revision: 9 }));
    await store.create(sampleRelease(namespace, { revision: 10 }));
    await store.create(sampleRelease(namespace, { name: 'a' }));
    await new ReleaseStore(client, another).create(sampleRelease(another));
    const rows = (list: Awaited<ReturnType<typeof listReleases>>) =>
      list.releases.map((release) => [release.namespace, release.name, release.version]);
    expect(rows(await listReleases(client, namespace))).toEqual([
      [namespace, 'a', 1],
      [namespace, 'kthena', 10],
    ]);
    const all = rows(await listReleases(client, undefined));
    expect(all).toContainEqual([another, 'kthena', 1]);
    expect(all).toContainEqual([namespace, 'kthena', 10]);
  });

  it('passes over Secrets that only look like records', async () => {
    const labels = { owner: 'helm', name: 'kthena' };
    await client.create(
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'mine', namespace, labels } },
      { fieldManager: 'test' },
    );
    expect(await listReleases(client, namespace)).toEqual({ releases: [], unreadable: [] });
    expect(await store.history('kthena')).toEqual([]);
  });

  it('is refused to whoever may not read Secrets', async () => {
    const stranger = await clientOf(await cluster.userKubeconfig({ name: 'nobody' }));
    await expect(listReleases(stranger, namespace)).rejects.toMatchObject({ code: 'forbidden' });
    stranger.close();
  });
});
