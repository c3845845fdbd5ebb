import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubeClient } from '../../../src/kube/client.js';
import { withStatus } from '../../../src/release/release.js';
import { ReleaseStore } from '../../../src/release/store.js';
import type { Cluster, CommandResult } from '../../cluster/index.mjs';
import { hasLine, mustRun, runKthena } from '../install/program.js';
import { json, MANIFEST, sampleRelease, shared, text, tinyChart } from './fixtures.js';

let cluster: Cluster;
let client: KubeClient;
let namespace: string;
let store: ReleaseStore;

beforeAll(async () => {
  ({ cluster, client } = await shared());
});
afterAll(() => client.close());

const kthena = (...args: string[]): Promise<CommandResult> =>
  runKthena([...args, '-n', namespace], { env: cluster.env });
const output = async (...args: string[]): Promise<string> =>
  (await mustRun([...args, '-n', namespace], { env: cluster.env })).stdout;
const parsed = async (...args: string[]): Promise<unknown> => JSON.parse(await output(...args, '-o', 'json'));

const SECRET = `---
# Source: kthena/manifests/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: keys
stringData:
  key: hunter2
`;
const credentials = { workload: { controllerManager: { downloader: { accessKey: 'id', secretKey: 'hunter2' } } } };

describe('a release of this tool', () => {
  /** Revisions 1, 2 and 5, as a limited history leaves them. */
  beforeEach(async () => {
    namespace = await cluster.newNamespace('get');
    store = new ReleaseStore(client, namespace);
    await store.create(sampleRelease(namespace, { status: 'superseded' }));
    await store.create(
      sampleRelease(namespace, { revision: 2, status: 'failed', description: 'Upgrade failed', config: credentials }),
    );
    await store.create(
      sampleRelease(namespace, {
        revision: 5,
        status: 'pending-upgrade',
        description: 'Upgrade in progress',
        manifest: `${MANIFEST}${SECRET}`,
      }),
    );
  });

  it('has a history, the oldest first', async () => {
    const lines = await output('history');
    expect(hasLine(lines, '1', 'superseded', 'kthena-1.0.0', 'kthena', 'Install', 'complete')).toBe(true);
    const rows = (await parsed('history')) as { revision: number; status: string }[];
    expect(rows.map(({ revision, status }) => [revision, status])).toEqual([
      [1, 'superseded'],
      [2, 'failed'],
      [5, 'pending-upgrade'],
    ]);
    expect(await parsed('history', '--max', '2')).toEqual(rows.slice(1));
  });

  it('gives the values of a revision, its credentials masked', async () => {
    expect(await output('get', 'values')).toBe('workload:\n  controllerManager:\n    replicas: 3\n');
    const masked = { downloader: { accessKey: '********', secretKey: '********' } };
    expect(await parsed('get', 'values', '--revision', '2')).toEqual({ workload: { controllerManager: masked } });
    expect(await parsed('get', 'values', '-a', '--revision=2')).toEqual({
      workload: { enabled: true, controllerManager: { replicas: 1, ...masked } },
    });
  });

  it('gives the manifest of a revision, the content of Secrets masked', async () => {
    expect(await output('get', 'manifest', '--revision', '1')).toBe(MANIFEST);
    expect(await output('get', 'manifest')).toBe(`${MANIFEST}${SECRET.replace('hunter2', "'***'")}`);
  });

  it('gives its metadata', async () => {
    const { deployedAt, ...metadata } = (await parsed('get', 'metadata')) as { deployedAt: string };
    expect(metadata).toEqual({
      name: 'kthena',
      namespace,
      revision: 5,
      status: 'pending-upgrade',
      chart: 'kthena',
      version: '1.0.0',
      appVersion: '1.0.0',
      madeBy: 'kthena',
    });
    expect(Date.now() - Date.parse(deployedAt)).toBeLessThan(60_000);
    expect(await output('get', 'metadata')).toContain('\nStatus:    pending-upgrade\n');
  });

  it.each(['values', 'manifest', 'metadata'])(
    'says which revisions there are where get %s has another',
    async (what) => {
      const { code, stdout, stderr } = await kthena('get', what, '--revision', '7');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(
        `Error: release kthena in namespace ${namespace}: revision 7 does not exist; there are 1, 2, 5\n`,
      );
      expect(stderr).toContain('kthena history');
    },
  );

  it('is refused where there is none of its name', async () => {
    for (const args of [['history'], ['get', 'values'], ['get', 'manifest', '--revision', '1'], ['get', 'metadata']]) {
      const { code, stderr } = await kthena(...args, 'no-such');
      expect({ args, code }).toEqual({ args, code: 1 });
      expect(stderr).toContain(`Error: release no-such not found in namespace ${namespace}\nHint: kthena list -A`);
    }
  });

  it.each([
    [['history', '--max', '0'], 'whole number from 1'],
    [['get', 'values', '--revision', 'one'], 'whole number from 1'],
    [['get', 'values', '-o', 'table'], 'Allowed choices are yaml, json'],
    [['get'], 'command is missing'],
    [['history', 'Not_A_Name'], 'release name'],
  ])('is refused with %j', async (args, message) => {
    const { code, stderr } = await runKthena(args, { env: cluster.env });
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });
});

describe('a release whose values were too large for its record', () => {
  beforeEach(async () => {
    namespace = await cluster.newNamespace('get');
    store = new ReleaseStore(client, namespace);
    const blob = randomBytes(1_200_000).toString('hex');
    await store.create(sampleRelease(namespace, { config: { networking: { blob } } }));
  });

  it('gives them all the same', async () => {
    const values = (await parsed('get', 'values', '--all')) as { networking: { blob: string }; workload: unknown };
    expect(values.networking.blob).toHaveLength(2_400_000);
    expect(values.workload).toEqual({ enabled: true, controllerManager: { replicas: 1 } });
  });

  it('says so where they are lost, and gives the rest', async () => {
    await cluster.kubectl(['delete', 'secret', 'kthena.release.v1.kthena.v1.part1', '-n', namespace]);
    const { code, stderr } = await kthena('get', 'values');
    expect(code).toBe(1);
    expect(stderr).toContain(`Secret/${namespace}/kthena.release.v1.kthena.v1.part1 does not exist\nHint: `);
    expect(await output('get', 'manifest')).toBe(MANIFEST);
    expect(await output('history')).toContain('Install complete');
  });
});

describe.each(['helm3', 'helm4'] as const)('a release of %s', (major) => {
  let chart: string;
  beforeAll(async () => {
    chart = await tinyChart();
    namespace = await cluster.newNamespace('get');
    const helm = (...args: string[]): Promise<string> => text(cluster[major], [...args, '-n', namespace]);
    await helm('install', 'tiny', chart, '--set', 'nested.more=1');
    await helm('upgrade', 'tiny', chart, '--set', 'greeting=hi', '--description', 'Say hi');
    await cluster.kubectl(['create', 'quota', 'none', '--hard=count/configmaps=0', '-n', namespace]);
    await cluster[major](['install', 'refused', chart, '-n', namespace]);
  });
  afterAll(() => rm(chart, { recursive: true }));

  it('has the history that Helm shows', async () => {
    const shown = await json<Record<string, unknown>[]>(cluster[major], ['history', 'tiny', '-n', namespace]);
    const rows = (await parsed('history', 'tiny')) as Record<string, unknown>[];
    const facts = ({ revision, status, chart: name, description }: Record<string, unknown>): unknown[] => [
      revision,
      status,
      name,
      description,
    ];
    expect(rows.map(facts)).toEqual(shown.map(facts));
    expect(rows.map(({ appVersion }) => appVersion)).toEqual(shown.map((row) => row['app_version']));
    expect(new Set(rows.map(({ madeBy }) => madeBy))).toEqual(new Set(['helm']));
  });

  it('is shown where Helm failed, and where it was cut off', async () => {
    expect(await parsed('history', 'refused')).toMatchObject([{ revision: 1, status: 'failed', madeBy: 'helm' }]);
    const records = new ReleaseStore(client, namespace);
    const refused = (await records.latest('refused'))!;
    await records.update(withStatus(refused, 'pending-install', 'Initial install underway', new Date()));
    expect(await parsed('get', 'metadata', 'refused')).toMatchObject({ status: 'pending-install', madeBy: 'helm' });
    expect(await output('get', 'values', 'refused')).toBe('{}\n');
    expect(await output('get', 'manifest', 'refused')).toContain('name: refused-settings');
  });

  it('gives the values, manifest and metadata that Helm shows', async () => {
    const helm = (...args: string[]): Promise<unknown> => json(cluster[major], [...args, '-n', namespace]);
    for (const revision of ['1', '2']) {
      const chosen = ['tiny', '--revision', revision];
      expect(await parsed('get', 'values', ...chosen)).toEqual(await helm('get', 'values', ...chosen));
      expect(await parsed('get', 'values', '--all', ...chosen)).toEqual(
        await helm('get', 'values', '--all', ...chosen),
      );
      const manifest = await text(cluster[major], ['get', 'manifest', ...chosen, '-n', namespace]);
      expect((await output('get', 'manifest', ...chosen)).trim()).toBe(manifest.trim());
      const {
        name,
        chart: chartName,
        version,
        appVersion,
        status,
      } = (await helm('get', 'metadata', ...chosen)) as Record<string, unknown>;
      expect(await parsed('get', 'metadata', ...chosen)).toMatchObject({
        name,
        chart: chartName,
        version,
        appVersion,
        status,
        namespace,
        revision: Number(revision),
        madeBy: 'helm',
      });
    }
  });
});
