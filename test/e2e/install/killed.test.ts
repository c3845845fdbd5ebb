import { afterAll, beforeAll, expect, it } from 'vitest';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { KillingProxy } from '../upgrade/killing-proxy.js';
import { get, objectsOfRelease } from './cluster-state.js';
import { goldenObjects } from './golden.js';
import { mustRun, runKthena } from './program.js';

const NAMESPACE = 'kthena-system';
const INSTALL = ['install', '--no-wait'];
const UNINSTALL = ['uninstall', '--wait'];
/** Every write would take minutes; kinds are written in stages, and this comes to each of them. */
const STEP = 3;

let cluster: ControlPlane;
let proxy: KillingProxy;

beforeAll(async () => {
  cluster = await startControlPlane();
  proxy = await KillingProxy.start(cluster);
});
afterAll(async () => {
  await proxy.stop();
  await cluster.stop();
});

async function expectEnded(args: readonly string[], nth: number): Promise<void> {
  const { code, stderr } = await runKthena(args, { env: cluster.env });
  expect(code, `${args.join(' ')}, killed at write ${nth}: ${stderr}`).toBe(0);
}

async function records(): Promise<string[]> {
  const secrets = await get(cluster, `/api/v1/namespaces/${NAMESPACE}/secrets?labelSelector=owner%3Dhelm`);
  const items = secrets!['items'] as { metadata: { labels: { status: string } } }[];
  return items.map(({ metadata }) => metadata.labels.status);
}

it.each([
  ['before a write reaches the API server', false],
  ['between a write and its answer', true],
])(
  'install and uninstall, killed %s, come to the same end when they are run again',
  async (_when, stored) => {
    const installing = await proxy.writesOf(INSTALL);
    const uninstalling = await proxy.writesOf(UNINSTALL);
    expect(Math.min(installing, uninstalling)).toBeGreaterThan(10);
    for (let nth = 1; nth <= Math.max(installing, uninstalling); nth += STEP) {
      await proxy.killAt(INSTALL, nth, stored);
      await expectEnded(INSTALL, nth);
      expect((await objectsOfRelease(cluster, 'kthena', NAMESPACE)).size).toBe(goldenObjects('default').length);
      expect(await records()).toEqual(['deployed']);
      await proxy.killAt(UNINSTALL, nth, stored);
      await expectEnded([...UNINSTALL, '--ignore-not-found'], nth);
      expect((await objectsOfRelease(cluster, 'kthena', NAMESPACE)).size).toBe(0);
      expect(await records()).toEqual([]);
    }
    await mustRun(INSTALL, { env: cluster.env });
    await mustRun(UNINSTALL, { env: cluster.env });
  },
  300_000,
);
