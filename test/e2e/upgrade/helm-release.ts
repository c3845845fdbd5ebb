import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import type { Cluster } from '../../cluster/index.mjs';
import { eventually, get } from '../install/cluster-state.js';
import { text } from '../release/fixtures.js';
import { publishedChart, removeChart, writeChart, type Chart } from './published-chart.js';

export type HelmMajor = 'helm3' | 'helm4';

/** Writes a chart that lasts as long as the test; without CRDs, which the cluster has already. */
export async function chartFolder(chart?: Chart): Promise<string> {
  const folder = await writeChart({ ...(chart ?? (await publishedChart())), crds: [] });
  onTestFinished(() => removeChart(folder));
  return folder;
}

/** The published chart with one object changed. */
export async function changedChart(kind: string, name: string, change: (object: KubeObject) => void): Promise<Chart> {
  const chart = await publishedChart();
  change(chart.objects.find((object) => object.kind === kind && object.metadata.name === name)!);
  return chart;
}

/** Installs a chart as release `kthena` into a namespace of its own, and gives the namespace. */
export async function helmInstall(
  cluster: Cluster,
  major: HelmMajor,
  chart: string,
  args: readonly string[] = [],
): Promise<string> {
  const namespace = await cluster.newNamespace('take-over');
  await text(cluster[major], ['install', 'kthena', chart, '-n', namespace, ...args]);
  return namespace;
}

/** Starts Helm, and kills it once it has written its record and waits for this Deployment. */
export async function killHelm(
  cluster: Cluster,
  major: HelmMajor,
  args: readonly string[],
  isUnderWay: () => Promise<boolean>,
): Promise<void> {
  const child = spawn(join(cluster.bin, major), [...args, '--wait', '--timeout', '10m'], {
    env: cluster.env,
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  await eventually('Helm waits', async () => ((await isUnderWay()) ? true : undefined), 50);
  child.kill('SIGKILL');
  if ((await ended) !== 'SIGKILL') throw new Error('Helm ended by itself');
}

export async function deploymentOf(cluster: Cluster, namespace: string, name: string): Promise<KubeObject | undefined> {
  return get(cluster, `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
}

export async function routerReplicas(cluster: Cluster, namespace: string): Promise<number> {
  const router = await deploymentOf(cluster, namespace, 'kthena-router');
  return (router!['spec'] as { replicas: number }).replicas;
}
