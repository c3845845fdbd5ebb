import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startControlPlane, type CommandResult, type ControlPlane } from '../../cluster/index.mjs';
import { clearReleases } from '../install/cluster-state.js';
import { mustRun } from '../install/program.js';
import { json } from '../release/fixtures.js';
import { unannounced, type AnnouncedPlan } from './announced.js';
import { footprint, nameOf, partsOf, uidsOf, type Footprint } from './footprint.js';
import { chartFolder, helmInstall } from './helm-release.js';
import { publishedChart } from './published-chart.js';

/** Sets of values that need no CRDs of others, and for which the published chart and this tool make the same. */
const CASES = [
  'default',
  'fairness',
  'gateway-api',
  'manual-certs',
  'networking-only',
  'session-boost',
  'workload-only',
];

/** Stands for a CA in the values; an install wants a certificate there. */
const NO_CA = 'Q0EtQlVORExF';

let cluster: ControlPlane;
const kthena = (...args: string[]): Promise<CommandResult> => mustRun(args, { env: cluster.env });

beforeAll(async () => {
  cluster = await startControlPlane();
  // So that every case finds the same cluster.
  const crds = await kthena('template', '--include-crds', '-s', 'crds/*');
  expect(await cluster.kubectl(['apply', '--server-side', '-f', '-'], { input: crds.stdout })).toMatchObject({
    code: 0,
  });
});
afterAll(() => cluster.stop());
afterEach(() => clearReleases(cluster));

describe.each(['helm3', 'helm4'] as const)('the published chart, installed by %s', (major) => {
  it.each(CASES)('with the values of %s: is taken over without a pod that restarts', async (name) => {
    const ca = (await readFile(cluster.caFile)).toString('base64');
    const chart = await publishedChart(name);
    const objects = JSON.parse(JSON.stringify(chart.objects).replaceAll(NO_CA, ca)) as typeof chart.objects;
    const folder = await chartFolder({ ...chart, objects });
    const values = join(folder, 'user-values.yaml');
    const text = await readFile(new URL(`../../golden/cases/${name}/values.yaml`, import.meta.url), 'utf8');
    await writeFile(values, text.replaceAll(NO_CA, ca));
    const namespace = await helmInstall(cluster, major, folder, ['-f', values]);
    const before = await footprint(cluster, namespace);

    const plan = JSON.parse((await kthena('diff', '-n', namespace, '-o', 'json')).stdout) as AnnouncedPlan;
    const outside = plan.changes
      .flatMap(({ differences }) => differences ?? [])
      .filter(({ path }) => !/^metadata\.(labels|annotations)/.test(path));
    expect(outside, 'more than labels would change').toEqual([]);
    await kthena('upgrade', '-n', namespace, '--yes');
    const after = await footprint(cluster, namespace);
    expect(unannounced(plan, before, after)).toEqual([]);
    const names = partsOf(before).map(nameOf);
    const generations = ({ objects: live }: Footprint): unknown =>
      names.map((part) => [part, live.get(part)?.metadata.generation]);
    expect(partsOf(after).map(nameOf)).toEqual(names);
    expect(uidsOf(after, names)).toEqual(uidsOf(before, names));
    expect(generations(after)).toEqual(generations(before));
    expect(after.pods).toEqual(before.pods);

    const valuesOf = (revision: number): Promise<unknown> =>
      json(cluster[major], ['get', 'values', 'kthena', '-n', namespace, '--revision', String(revision)]);
    expect((await valuesOf(2)) ?? {}).toEqual((await valuesOf(1)) ?? {});
  });
});
