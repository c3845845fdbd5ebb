import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubeClient } from '../../../src/kube/client.js';
import type { KubeObject } from '../../../src/kube/object.js';
import { listReleases } from '../../../src/release/list.js';
import { madeBy, requireValues, withStatus, type Release } from '../../../src/release/release.js';
import { ReleaseStore } from '../../../src/release/store.js';
import type { Cluster } from '../../cluster/index.mjs';
import { json, MANIFEST, sampleRelease, shared, text } from './fixtures.js';

let cluster: Cluster;
let client: KubeClient;
let namespace: string;
let store: ReleaseStore;

beforeAll(async () => {
  ({ cluster, client } = await shared());
});
afterAll(() => client.close());
beforeEach(async () => {
  namespace = await cluster.newNamespace('parts');
  store = new ReleaseStore(client, namespace);
});

/** Two Secrets full of values beside the record. */
const large = (parts: Parameters<typeof sampleRelease>[1] = {}): Release =>
  sampleRelease(namespace, { config: { blob: randomBytes(1_500_000).toString('hex') }, ...parts });

const withoutStored = ({ stored: _, ...release }: Release): unknown => release;

async function partSecrets(): Promise<KubeObject[]> {
  const secrets: KubeObject[] = [];
  for await (const secret of client.list({ apiVersion: 'v1', kind: 'Secret', namespace })) secrets.push(secret);
  return secrets.filter(({ metadata }) => metadata.name.startsWith('kthena.release.'));
}

const identities = async (): Promise<string[]> =>
  (await partSecrets()).map(({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`);

/** A client that does something else, or nothing, instead of one kind of request. */
const withCreate = (create: KubeClient['create']): KubeClient =>
  new Proxy(client, {
    get: (target, key) => {
      if (key === 'create') return create;
      const value = Reflect.get(target, key) as unknown;
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

/** As a kill after the record and before its parts leaves it. */
async function killedBeforeItsParts(release: Release): Promise<void> {
  const stopped = withCreate((object, options) =>
    object.metadata.name.startsWith('sh.helm.') ? client.create(object, options) : new Promise(() => undefined),
  );
  void new ReleaseStore(stopped, namespace).create(release);
  await expect.poll(() => store.revisions(release.name)).toEqual([release.version]);
}

describe('a record that is too large for one Secret', () => {
  it('is read back whole, from wherever it is read', async () => {
    const release = large({ status: 'pending-install' });
    const written = await store.create(release);
    expect(written.config).toEqual(release.config);
    expect(written.chart.values).toEqual(release.chart.values);
    expect(await store.latest('kthena')).toEqual(written);
    expect(await store.get('kthena', 1)).toEqual(written);
    expect(await store.history('kthena')).toEqual([written]);
    const parts = await partSecrets();
    expect(parts.map(({ metadata }) => metadata.name)).toEqual([
      'kthena.release.v1.kthena.v1.part1',
      'kthena.release.v1.kthena.v1.part2',
    ]);
    const { releases, unreadable } = await listReleases(client, namespace);
    expect(unreadable).toEqual([]);
    expect(releases).toMatchObject([{ name: 'kthena', version: 1, missing: 'they were not read' }]);
  });

  it('changes its status without a write to its parts', async () => {
    const release = large({ status: 'pending-install' });
    await store.create(release);
    const before = await identities();
    const deployed = await store.update(withStatus((await store.latest('kthena'))!, 'deployed', 'Done', new Date()));
    expect(deployed.config).toEqual(release.config);
    expect(await store.latest('kthena')).toEqual(deployed);
    expect(await identities()).toEqual(before);
  });

  it('takes other values when it is resumed', async () => {
    const first = await store.create(large({ status: 'failed' }));
    const again = large();
    await store.update({ ...again, stored: first.stored! });
    expect((await store.latest('kthena'))!.config).toEqual(again.config);
    const small = sampleRelease(namespace);
    const { stored } = (await store.latest('kthena'))!;
    await store.update({ ...small, stored: stored! });
    expect(withoutStored((await store.latest('kthena'))!)).toEqual(small);
  });

  it('takes its parts along when it is removed, also when it comes back at once', async () => {
    await store.create(large());
    expect(await store.remove('kthena', 1)).toBe(true);
    const again = await store.create(large());
    const owner = again.stored!.uid;
    await expect
      .poll(async () => (await partSecrets()).map(({ metadata }) => metadata.ownerReferences?.[0]?.uid))
      .toEqual([owner, owner]);
    expect((await store.latest('kthena'))!.config).toEqual(again.config);
    await store.remove('kthena', 1);
    await expect.poll(partSecrets, { timeout: 20_000 }).toEqual([]);
  });
});

describe('a write that was cut off after the record', () => {
  it('leaves a revision that shows itself, and whose values are not taken for empty', async () => {
    await killedBeforeItsParts(large({ status: 'pending-install' }));
    const [found] = await store.history('kthena');
    expect(found).toMatchObject({ info: { status: 'pending-install' }, manifest: MANIFEST, config: {} });
    expect(() => requireValues(found!)).toThrow(
      `and Secret/${namespace}/kthena.release.v1.kthena.v1.part1 does not exist`,
    );
    const failed = await store.update(withStatus(found!, 'failed', 'Given up', new Date()));
    expect(failed.missing).toBeDefined();
  });

  it('is mended by a run that goes on, with the same values or others', async () => {
    const release = large({ status: 'pending-install' });
    await killedBeforeItsParts(release);
    const { stored } = (await store.latest('kthena'))!;
    const resumed = await store.update({ ...release, stored: stored! });
    expect((await store.latest('kthena'))!).toEqual(resumed);
    expect(resumed.config).toEqual(release.config);
  });

  it('stores nothing where the parts are refused', async () => {
    const refusing = withCreate((object, options) =>
      object.metadata.name.startsWith('sh.helm.')
        ? client.create(object, options)
        : client.create({ ...object, metadata: { ...object.metadata, name: 'Not A Name' } }, options),
    );
    await expect(new ReleaseStore(refusing, namespace).create(large())).rejects.toThrow('Not A Name');
    expect(await store.revisions('kthena')).toEqual([]);
    expect(await partSecrets()).toEqual([]);
  });
});

describe.each(['helm3', 'helm4'] as const)('a record with parts, read by %s', (major) => {
  const helm = (...args: string[]): Promise<string> => text(cluster[major], [...args, '-n', namespace]);

  beforeEach(async () => {
    await store.create(large());
    const { code, stderr } = await cluster.kubectl(['apply', '-n', namespace, '-f', '-'], { input: MANIFEST });
    if (code !== 0) throw new Error(stderr);
  });

  it('is listed and shown, but for its values', async () => {
    const list = await json<unknown[]>(cluster[major], ['list', '-n', namespace]);
    expect(list).toMatchObject([{ name: 'kthena', revision: '1', status: 'deployed', chart: 'kthena-1.0.0' }]);
    expect(await json(cluster[major], ['status', 'kthena', '-n', namespace])).toMatchObject({ version: 1 });
    expect((await helm('get', 'manifest', 'kthena')).trim()).toBe(MANIFEST.trim());
    const history = await json<unknown[]>(cluster[major], ['history', 'kthena', '-n', namespace]);
    expect(history).toMatchObject([{ revision: 1, status: 'deployed' }]);
    expect((await helm('get', 'values', 'kthena', '-o', 'json')).trim()).toBe('null');
  });

  it('keeps its values when Helm rolls back to it and when Helm writes it', async () => {
    const { config } = (await store.latest('kthena'))!;
    await store.update(withStatus((await store.latest('kthena'))!, 'superseded', 'Superseded', new Date()));
    await store.create(sampleRelease(namespace, { revision: 2 }));
    await helm('rollback', 'kthena', '1');
    const history = await store.history('kthena');
    expect(history.map(({ version, info }) => [version, info.status])).toEqual([
      [1, 'superseded'],
      [2, 'superseded'],
      [3, 'deployed'],
    ]);
    expect(history.map(madeBy)).toEqual(['kthena', 'kthena', 'helm']);
    expect(history[2]!.config).toEqual(config);
    const before = await identities();
    await store.update(withStatus(history[2]!, 'superseded', 'By this tool', new Date()));
    expect((await store.latest('kthena'))!.config).toEqual(config);
    await helm('uninstall', 'kthena', '--keep-history');
    const [first] = await store.history('kthena');
    expect(first!.config).toEqual(config);
    expect(await identities()).toEqual(before);
  });

  it('goes with its parts when Helm uninstalls the release', async () => {
    await helm('uninstall', 'kthena');
    expect(await store.revisions('kthena')).toEqual([]);
    await expect.poll(partSecrets, { timeout: 20_000 }).toEqual([]);
  });
});
