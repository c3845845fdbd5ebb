import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubeClient } from '../../../src/kube/client.js';
import { madeBy, withStatus } from '../../../src/release/release.js';
import { ReleaseStore } from '../../../src/release/store.js';
import type { Cluster, RunCommand } from '../../cluster/index.mjs';
import { json, MANIFEST, sampleRelease, shared, text } from './fixtures.js';

interface HelmRelease {
  name: string;
  namespace: string;
  info: { status: string; description: string; first_deployed: string; last_deployed: string };
  config?: unknown;
  manifest: string;
  version: number;
}

describe.each(['helm3', 'helm4'] as const)('a record of this tool, read by %s', (major) => {
  let cluster: Cluster;
  let client: KubeClient;
  let helm: RunCommand;
  let namespace: string;
  let store: ReleaseStore;

  beforeAll(async () => {
    ({ cluster, client } = await shared());
    helm = cluster[major];
  });
  afterAll(() => client.close());

  /** Revision 1 superseded, revision 2 deployed, its object in the cluster with Helm's marks. */
  beforeEach(async () => {
    namespace = await cluster.newNamespace('release');
    store = new ReleaseStore(client, namespace);
    const first = await store.create(
      sampleRelease(namespace, { status: 'pending-install', description: 'Install in progress' }),
    );
    const deployed = await store.update(withStatus(first, 'deployed', 'Install complete', new Date()));
    const second = sampleRelease(namespace, {
      revision: 2,
      description: 'Upgrade complete',
      notes: 'Have a look at it.',
      firstDeployed: '2024-05-06T07:08:09.123456789Z',
    });
    await store.update(withStatus(deployed, 'superseded', 'Superseded by revision 2', new Date()));
    await store.create(second);
    const { code, stderr } = await cluster.kubectl(['apply', '-n', namespace, '-f', '-'], { input: MANIFEST });
    if (code !== 0) throw new Error(stderr);
  });

  it('is in the list with its revision, status and versions', async () => {
    const [release, ...others] = await json<Record<string, string>[]>(helm, ['list', '-n', namespace]);
    expect(others).toEqual([]);
    expect(release).toMatchObject({
      name: 'kthena',
      namespace,
      revision: '2',
      status: 'deployed',
      chart: 'kthena-1.0.0',
      app_version: '1.0.0',
    });
    const recorded = (await store.latest('kthena'))!.info.last_deployed!;
    expect(new Date(release!['updated']!.replace(/ \+0000 UTC$/, 'Z').replace(' ', 'T'))).toEqual(new Date(recorded));
  });

  it('has a status with everything that was recorded', async () => {
    const status = await json<HelmRelease>(helm, ['status', 'kthena', '-n', namespace]);
    expect(status).toMatchObject({
      name: 'kthena',
      namespace,
      version: 2,
      manifest: MANIFEST,
      config: { workload: { controllerManager: { replicas: 3 } } },
      info: { status: 'deployed', description: 'Upgrade complete', first_deployed: '2024-05-06T07:08:09.123456789Z' },
    });
    expect(await text(helm, ['status', 'kthena', '-n', namespace])).toContain('Have a look at it.');
    expect((await json<HelmRelease>(helm, ['status', 'kthena', '--revision', '1', '-n', namespace])).info.status).toBe(
      'superseded',
    );
  });

  it('gives its manifest, notes, hooks and values', async () => {
    const get = (what: string, ...flags: string[]) => text(helm, ['get', what, 'kthena', '-n', namespace, ...flags]);
    expect((await get('manifest')).trim()).toBe(MANIFEST.trim());
    expect(await get('notes')).toContain('Have a look at it.');
    expect((await get('hooks')).trim()).toBe('');
    expect(JSON.parse(await get('values', '-o', 'json'))).toEqual({ workload: { controllerManager: { replicas: 3 } } });
    expect(JSON.parse(await get('values', '--all', '-o', 'json'))).toEqual({
      workload: { enabled: true, controllerManager: { replicas: 3 } },
    });
    expect(JSON.parse(await get('metadata', '-o', 'json'))).toMatchObject({
      name: 'kthena',
      chart: 'kthena',
      version: '1.0.0',
      revision: 2,
    });
  });

  it('has no values where the user set none, as a record of Helm', async () => {
    await store.create(sampleRelease(namespace, { name: 'bare', config: {} }));
    expect(await json(helm, ['get', 'values', 'bare', '-n', namespace])).toBeNull();
  });

  it('has a history', async () => {
    const history = await json<Record<string, unknown>[]>(helm, ['history', 'kthena', '-n', namespace]);
    expect(history).toMatchObject([
      {
        revision: 1,
        status: 'superseded',
        chart: 'kthena-1.0.0',
        app_version: '1.0.0',
        description: 'Superseded by revision 2',
      },
      { revision: 2, status: 'deployed', chart: 'kthena-1.0.0', app_version: '1.0.0', description: 'Upgrade complete' },
    ]);
  });

  it('is no longer of this tool once Helm rolls back to it', async () => {
    await text(helm, ['rollback', 'kthena', '1', '-n', namespace]);
    const history = await store.history('kthena');
    expect(history.map(({ version, info }) => [version, info.status])).toEqual([
      [1, 'superseded'],
      [2, 'superseded'],
      [3, 'deployed'],
    ]);
    expect(history.map(madeBy)).toEqual(['kthena', 'kthena', 'helm']);
    expect(history[2]!.manifest).toBe(MANIFEST);
  });

  it('can be uninstalled, and says when', async () => {
    await text(helm, ['uninstall', 'kthena', '--keep-history', '-n', namespace]);
    const last = (await store.latest('kthena'))!;
    expect(last.info.status).toBe('uninstalled');
    expect(Date.now() - Date.parse(last.info.deleted!)).toBeLessThan(60_000);
    expect(madeBy(last)).toBe('kthena');
  });
});
