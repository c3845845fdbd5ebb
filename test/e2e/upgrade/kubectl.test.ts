import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startControlPlane, type CommandResult, type ControlPlane } from '../../cluster/index.mjs';
import { eventually } from '../install/cluster-state.js';
import { mustRun, runKthena } from '../install/program.js';
import { json, text } from '../release/fixtures.js';
import { contentDifferences, unannounced, type AnnouncedPlan } from './announced.js';
import { CA_WRITER, caBundlesOf, writeCaBundles } from './ca-bundle.js';
import {
  footprint,
  nameOf,
  otherManagers,
  partsOf,
  uidsOf,
  versionsOf,
  withoutCrds,
  type Footprint,
} from './footprint.js';
import { isOfBoth, isOlder, olderChart, REGISTRY } from './older-chart.js';
import { installFile, publishedChart } from './published-chart.js';

const NAMESPACE = 'kthena-system';
const WHERE = ['kthena', '-n', NAMESPACE];
const ROUTER = `Deployment/${NAMESPACE}/kthena-router`;

/** The tests follow one cluster through its life: each begins where the one before ended. */
describe.each([
  ['kubectl apply', []],
  ['kubectl apply --server-side', ['--server-side']],
])('what %s brought in from an older install file', (_, flags) => {
  let cluster: ControlPlane;
  let plan: AnnouncedPlan;
  /** As kubectl left it, and as the adoption did. */
  let applied: Footprint;
  let adopted: Footprint;
  const kthena = (...args: string[]): Promise<CommandResult> => mustRun(args, { env: cluster.env });
  const look = (): Promise<Footprint> => footprint(cluster, NAMESPACE);
  const expectInPlace = (now: Footprint): void => {
    const kept = partsOf(adopted).map(nameOf);
    expect(uidsOf(now, kept)).toEqual(uidsOf(applied, kept));
    expect(otherManagers(partsOf(now).filter(isOfBoth), ['kthena Apply', CA_WRITER])).toEqual({});
    expect(caBundlesOf(now)).toEqual(caBundlesOf(applied));
    expect(now.pods['kthena-controller-manager']).toEqual(applied.pods['kthena-controller-manager']);
  };

  beforeAll(async () => {
    cluster = await startControlPlane();
    const old = olderChart(await publishedChart());
    const objects = old.objects.filter((object) => !REGISTRY.includes(nameOf(object)));
    await cluster.kubectl(['create', 'namespace', NAMESPACE]);
    const input = installFile({ ...old, objects });
    await eventually('kubectl applies it', async () => {
      // A control plane that has just come up may refuse something for a moment; what is applied already stays as it is.
      const { code, stderr } = await cluster.kubectl(['apply', ...flags, '-f', '-'], { input });
      if (code !== 0) process.stderr.write(stderr);
      return code === 0 ? true : undefined;
    });
    await writeCaBundles(cluster, await look());
    applied = await look();
  });
  afterAll(() => cluster.stop());

  it('is no release, and not touched without leave', async () => {
    const env = cluster.env;
    const [status, install] = [await runKthena(['status'], { env }), await runKthena(['install'], { env })];
    expect(status).toMatchObject({ code: 1, stdout: '' });
    expect(status.stderr).toContain('release kthena not found in namespace kthena-system');
    expect(install).toMatchObject({ code: 1, stdout: '' });
    expect(install.stderr).toContain(`${ROUTER}: exists and belongs to no release`);
    expect(install.stderr).toContain('--take-ownership');
    expect(versionsOf(await look())).toEqual(versionsOf(applied));
  });

  it('is compared without being touched', async () => {
    plan = JSON.parse((await kthena('diff', '--take-ownership', '-o', 'json')).stdout) as AnnouncedPlan;
    expect(new Set(plan.changes.map(({ action }) => action))).toEqual(new Set(['adopt']));
    expect(versionsOf(await look())).toEqual(versionsOf(applied));
  });

  it('is adopted in place, as the comparison said to the field', async () => {
    await kthena('upgrade', '--install', '--take-ownership', '--yes');
    adopted = await look();
    expect(unannounced(plan, applied, adopted)).toEqual([]);
    expect(partsOf(adopted)).toHaveLength(plan.changes.length + plan.crds.length + 1);
    expectInPlace(adopted);
  });

  it('has nothing any more that only the older one had, and no trace of kubectl', () => {
    expect(partsOf(adopted).filter(isOlder).map(nameOf)).toEqual([]);
    const annotations = partsOf(adopted)
      .filter(isOfBoth)
      .flatMap(({ metadata }) => Object.keys(metadata.annotations ?? {}));
    expect(annotations).not.toContain('kubectl.kubernetes.io/last-applied-configuration');
    const labels = partsOf(withoutCrds(adopted)).map(
      ({ metadata }) => metadata.labels?.['app.kubernetes.io/managed-by'],
    );
    expect(new Set(labels)).toEqual(new Set(['Helm']));
  });

  it('is not written to by an upgrade with nothing to change', async () => {
    expect((await kthena('upgrade', '--yes')).stdout).toContain('nothing changes (revision 1)');
    expect((await kthena('install')).stdout).toContain('revision 1');
    expect(versionsOf(await look())).toEqual(versionsOf(adopted));
  });

  it('takes a changed value and goes back', async () => {
    await kthena('upgrade', '--yes', '--set', 'networking.kthenaRouter.accessLog.format=json');
    const changed = await look();
    expectInPlace(changed);
    expect(contentDifferences(adopted, changed).map((line) => line.split(':')[0])).toEqual([ROUTER]);
    await kthena('rollback', '--yes');
    const back = await look();
    expectInPlace(back);
    expect(contentDifferences(adopted, back)).toEqual([]);
  });

  it('is uninstalled by Helm 4', async () => {
    expect(await json(cluster.helm3, ['list', '-n', NAMESPACE])).toMatchObject([{ revision: '3', status: 'deployed' }]);
    await text(cluster.helm4, ['uninstall', ...WHERE, '--wait']);
    const now = await look();
    expect(partsOf(withoutCrds(now)).map(nameOf)).toEqual([]);
    expect([...now.objects.keys()].filter((name) => name.startsWith('Secret/'))).toEqual([]);
  });
});
