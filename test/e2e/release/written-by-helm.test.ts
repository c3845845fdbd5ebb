import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeClient } from '../../../src/kube/client.js';
import { listReleases } from '../../../src/release/list.js';
import { objectsOf } from '../../../src/release/manifest.js';
import { isKthenaRelease, madeBy, withStatus } from '../../../src/release/release.js';
import { ReleaseStore } from '../../../src/release/store.js';
import type { Cluster, RunCommand } from '../../cluster/index.mjs';
import { json, shared, text, tinyChart } from './fixtures.js';

describe.each(['helm3', 'helm4'] as const)('a record of %s, read by this tool', (major) => {
  let cluster: Cluster;
  let client: KubeClient;
  let helm: RunCommand;
  let chart: string;
  let namespace: string;
  let store: ReleaseStore;

  beforeAll(async () => {
    ({ cluster, client } = await shared());
    helm = cluster[major];
    chart = await tinyChart();
    namespace = await cluster.newNamespace('release');
    store = new ReleaseStore(client, namespace);
    await text(helm, ['install', 'tiny', chart, '-n', namespace]);
    await text(helm, [
      'upgrade',
      'tiny',
      chart,
      '-n',
      namespace,
      '--set',
      'greeting=grüße,nested.more=1',
      '--labels',
      'team=ml',
    ]);
  });
  afterAll(async () => {
    client.close();
    await rm(chart, { recursive: true });
  });

  it('has the manifest and the values that Helm shows', async () => {
    const latest = (await store.latest('tiny'))!;
    expect(`${latest.manifest}\n`).toBe(await text(helm, ['get', 'manifest', 'tiny', '-n', namespace]));
    expect(latest.config).toEqual(await json(helm, ['get', 'values', 'tiny', '-n', namespace]));
    expect(latest.config).toEqual({ greeting: 'grüße', nested: { more: 1 } });
    expect(latest.chart.values).toEqual({ greeting: 'hello', mode: 420, nested: { kept: true } });
    expect((await store.get('tiny', 1))!.config).toEqual({});
  });

  it('has the revisions that Helm shows', async () => {
    const history = await store.history('tiny');
    const shown = await json<{ revision: number; status: string; description: string }[]>(helm, [
      'history',
      'tiny',
      '-n',
      namespace,
    ]);
    expect(
      history.map(({ version, info }) => ({ revision: version, status: info.status, description: info.description })),
    ).toEqual(shown.map(({ revision, status, description }) => ({ revision, status, description })));
    expect(history.map(madeBy)).toEqual(['helm', 'helm']);
    expect(history.every(isKthenaRelease)).toBe(true);
    expect(history[1]!.info.first_deployed).toBe(history[0]!.info.first_deployed);
    expect(history[0]!.hooks.map(({ name }) => name)).toEqual(['tiny-hook']);
  });

  it('is in the list with its newest revision', async () => {
    const { releases, unreadable } = await listReleases(client, namespace);
    expect(unreadable).toEqual([]);
    expect(releases.map(({ name, version, chart: { metadata } }) => [name, version, metadata.version])).toEqual([
      ['tiny', 2, '0.9.0'],
    ]);
  });

  it('yields the objects that the API server got from it', async () => {
    const objects = objectsOf((await store.latest('tiny'))!.manifest);
    expect(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort()).toEqual([
      'ConfigMap/tiny-listed',
      'ConfigMap/tiny-settings',
    ]);
    for (const object of objects) {
      const live = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: object.metadata.name });
      expect(live!['data']).toEqual(object['data']);
      expect(live!['immutable']).toEqual(object['immutable']);
    }
  });

  it('loses nothing when this tool changes its status', async () => {
    const before = (await store.latest('tiny'))!;
    const after = await store.update(withStatus(before, 'failed', 'Marked by a test', new Date()));
    const { stored: _, ...recordBefore } = before;
    const { stored: storedAfter, ...recordAfter } = after;
    expect(recordAfter).toEqual({
      ...recordBefore,
      info: { ...recordBefore.info, status: 'failed', description: 'Marked by a test' },
    });
    expect(storedAfter!.labels).toMatchObject({
      name: 'tiny',
      owner: 'helm',
      status: 'failed',
      version: '2',
      team: 'ml',
    });
    expect(await json(helm, ['status', 'tiny', '-n', namespace])).toMatchObject({
      info: { status: 'failed', description: 'Marked by a test' },
    });
    // Helm still finds its chart in it: an upgrade and a rollback both work.
    await text(helm, ['upgrade', 'tiny', chart, '-n', namespace, '--reuse-values']);
    await text(helm, ['rollback', 'tiny', '2', '-n', namespace]);
    expect((await store.latest('tiny'))!.version).toBe(4);
  });
});
