import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerOf } from '../../../src/plan/ownership.js';
import { objectsOf } from '../../../src/release/manifest.js';
import { startControlPlane, type CommandResult, type ControlPlane } from '../../cluster/index.mjs';
import { mustRun } from '../install/program.js';
import { json, text } from '../release/fixtures.js';
import { contentDifferences, unannounced, type AnnouncedPlan } from './announced.js';
import { CA_WRITER, caBundlesOf, writeCaBundles } from './ca-bundle.js';
import {
  footprint,
  generationOf,
  nameOf,
  otherManagers,
  partsOf,
  uidsOf,
  versionsOf,
  withoutCrds,
  type Footprint,
} from './footprint.js';
import { isOfBoth, isOlder, olderChart, REGISTRY } from './older-chart.js';
import { publishedChart, removeChart, writeChart } from './published-chart.js';

const NAMESPACE = 'kthena-system';
const WHERE = ['kthena', '-n', NAMESPACE];
const ROUTER = `Deployment/${NAMESPACE}/kthena-router`;
const MANAGER = `Deployment/${NAMESPACE}/kthena-controller-manager`;

/** The tests follow one release through its life: each begins where the one before ended. */
describe.each(['helm3', 'helm4'] as const)('a release that %s installed from an older chart', (major) => {
  let cluster: ControlPlane;
  let chart: string;
  let plan: AnnouncedPlan;
  /** As Helm left it, and as the first upgrade did. */
  let installed: Footprint;
  let upgraded: Footprint;
  const kthena = (...args: string[]): Promise<CommandResult> => mustRun(args, { env: cluster.env });
  const look = (): Promise<Footprint> => footprint(cluster, NAMESPACE);
  /** What goes for every step of kthena's: nothing is made anew, all fields are its own, and no CA is lost. */
  const expectInPlace = (now: Footprint): void => {
    const kept = partsOf(installed)
      .map(nameOf)
      .filter((name) => !REGISTRY.includes(name));
    expect(uidsOf(now, kept)).toEqual(uidsOf(installed, kept));
    expect(otherManagers(partsOf(now).filter(isOfBoth), ['kthena Apply', CA_WRITER])).toEqual({});
    expect(caBundlesOf(now)).toEqual(caBundlesOf(installed));
    expect(now.pods['kthena-controller-manager']).toEqual(installed.pods['kthena-controller-manager']);
    expect(generationOf(now, MANAGER)).toBe(generationOf(installed, MANAGER));
  };

  beforeAll(async () => {
    cluster = await startControlPlane();
    chart = await writeChart(olderChart(await publishedChart()));
    const values = ['--set', 'networking.kthenaRouter.replicas=2'];
    await text(cluster[major], ['install', ...WHERE, chart, '--create-namespace', ...values]);
    await writeCaBundles(cluster, await look());
    installed = await look();
  });
  afterAll(async () => {
    await cluster.stop();
    await removeChart(chart);
  });

  it('is known to kthena as made by Helm', async () => {
    const { stdout } = await kthena('status');
    expect(stdout).toMatch(/^Release: +kthena \(made by Helm\)$/m);
    expect(stdout).toMatch(/^Kthena: +0\.4\.0$/m);
    expect(stdout).toMatch(new RegExp(`^ready +${MANAGER} `, 'm'));
  });

  it('is compared without being touched', async () => {
    plan = JSON.parse((await kthena('diff', '-o', 'json')).stdout) as AnnouncedPlan;
    expect(plan).toMatchObject({ carriedOver: { networking: { kthenaRouter: { replicas: 2 } } }, obstacles: [] });
    expect(versionsOf(await look())).toEqual(versionsOf(installed));
  });

  it('is upgraded in place, as the comparison said to the field', async () => {
    const { stdout, stderr } = await kthena('upgrade', '--yes');
    expect(stdout).toContain('revision 2');
    expect(stderr).toContain('networking.kthenaRouter.replicas: 2');
    upgraded = await look();
    expect(unannounced(plan, installed, upgraded)).toEqual([]);
    expectInPlace(upgraded);
  });

  it('has nothing any more that only the older chart had', () => {
    const names = [...upgraded.objects.keys()];
    expect(names.filter((name) => REGISTRY.includes(name) || name.includes('kthena-registry'))).toEqual([]);
    expect(partsOf(upgraded).filter(isOlder).map(nameOf)).toEqual([]);
    expect(upgraded.pods['kthena-router']).toHaveLength(2);
    const owners = partsOf(withoutCrds(upgraded)).map(ownerOf);
    expect(new Set(owners.map((owner) => JSON.stringify(owner)))).toEqual(
      new Set([JSON.stringify({ name: 'kthena', namespace: NAMESPACE })]),
    );
  });

  it('is not written to by an upgrade with nothing to change', async () => {
    const { stdout } = await kthena('upgrade', '--yes');
    expect(stdout).toContain('nothing changes (revision 2)');
    expect(versionsOf(await look())).toEqual(versionsOf(upgraded));
  });

  it('takes a changed value, which restarts only the pods of its component', async () => {
    await kthena('upgrade', '--yes', '--set', 'networking.kthenaRouter.accessLog.format=json');
    const now = await look();
    expectInPlace(now);
    expect(JSON.stringify(now.objects.get(ROUTER))).toContain('{"name":"ACCESS_LOG_FORMAT","value":"json"}');
    const changed = partsOf(now)
      .map(nameOf)
      .filter((name) => versionsOf(now)[name] !== versionsOf(upgraded)[name]);
    expect(changed).toEqual([ROUTER]);
  });

  it('goes back to the revision before', async () => {
    await kthena('rollback', '--yes');
    const now = await look();
    expectInPlace(now);
    expect(contentDifferences(upgraded, now)).toEqual([]);
  });

  it('goes back to what Helm had installed, and forth again', async () => {
    const from = await look();
    const rehearsal = await kthena('rollback', 'kthena', '1', '--dry-run', '-o', 'json');
    await kthena('rollback', 'kthena', '1', '--yes');
    const back = await look();
    expect(unannounced({ ...(JSON.parse(rehearsal.stdout) as AnnouncedPlan), crds: [] }, from, back)).toEqual([]);
    expectInPlace(back);
    expect(contentDifferences(withoutCrds(installed), withoutCrds(back))).toEqual([]);
    await kthena('upgrade', '--yes');
    const now = await look();
    expectInPlace(now);
    expect(contentDifferences(upgraded, now)).toEqual([]);
  });

  it.each(['helm3', 'helm4'] as const)('is read by %s', async (reader) => {
    const helm = cluster[reader];
    expect(await json(helm, ['list', '-n', NAMESPACE])).toMatchObject([
      { name: 'kthena', revision: '6', status: 'deployed', chart: 'kthena-1.0.0', app_version: '1.0.0' },
    ]);
    const history = await json<{ revision: number; status: string; chart: string }[]>(helm, ['history', ...WHERE]);
    expect(history.map(({ revision, status, chart: name }) => `${revision} ${status} ${name}`)).toEqual([
      '1 superseded kthena-0.4.0',
      '2 superseded kthena-1.0.0',
      '3 superseded kthena-1.0.0',
      '4 superseded kthena-1.0.0',
      '5 superseded kthena-0.4.0',
      '6 deployed kthena-1.0.0',
    ]);
    expect(await json(helm, ['status', ...WHERE])).toMatchObject({ version: 6, info: { status: 'deployed' } });
    expect(await json(helm, ['get', 'values', ...WHERE])).toEqual({ networking: { kthenaRouter: { replicas: 2 } } });
    const manifest = objectsOf(await text(helm, ['get', 'manifest', ...WHERE]));
    expect(manifest.map(nameOf)).toContain(ROUTER);
  });

  it('is uninstalled by Helm 4', async () => {
    await text(cluster.helm4, ['uninstall', ...WHERE, '--wait']);
    const now = await look();
    expect(partsOf(withoutCrds(now)).map(nameOf)).toEqual([]);
    expect([...now.objects.keys()].filter((name) => name.startsWith('Secret/'))).toEqual([]);
    expect(contentDifferences(upgraded, now).filter((text) => text.startsWith('Custom'))).toEqual([]);
  });
});
