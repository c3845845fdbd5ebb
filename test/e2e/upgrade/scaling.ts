import { describe, expect, it } from 'vitest';
import type { Cluster, CommandResult } from '../../cluster/index.mjs';
import { create, eventually } from '../install/cluster-state.js';
import { mustRun, runKthena } from '../install/program.js';
import { chartFolder, helmInstall, routerReplicas } from './helm-release.js';
import { installFile, publishedChart } from './published-chart.js';

const JSON_LOG = ['--set', 'networking.kthenaRouter.accessLog.format=json'];

async function scaleByHand(cluster: Cluster, namespace: string): Promise<void> {
  const args = ['scale', 'deployment/kthena-router', '--replicas=3', '-n', namespace];
  expect(await cluster.kubectl(args)).toMatchObject({ code: 0 });
}

/** Below its minimum an autoscaler scales without asking for any metric. */
async function scaleByAutoscaler(cluster: Cluster, namespace: string): Promise<void> {
  await create(cluster, `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`, {
    metadata: { name: 'router' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'kthena-router' },
      minReplicas: 3,
      maxReplicas: 5,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ],
    },
  });
}

/** A number of replicas that somebody has set since the install. */
export function scaledReplicas(current: () => Cluster): void {
  const kthena = (...args: string[]): Promise<CommandResult> => mustRun(args, { env: current().env });
  const isScaled = async (namespace: string): Promise<true | undefined> =>
    (await routerReplicas(current(), namespace)) === 3 ? true : undefined;

  describe.each(['helm3', 'helm4'] as const)('replicas that were scaled after an install by %s', (major) => {
    it.each([
      ['kubectl scale', scaleByHand, 'kubectl (scale)'],
      ['an autoscaler', scaleByAutoscaler, 'kube-controller-manager (scale)'],
    ])('%s: are left alone by a take-over, and mentioned', async (_, scale, manager) => {
      const cluster = current();
      const namespace = await helmInstall(cluster, major, await chartFolder());
      await scale(cluster, namespace);
      await eventually('the router is scaled', () => isScaled(namespace), 50);
      const note = `Deployment/kthena-router: .spec.replicas stays 3, as ${manager} set it; the values say 1.`;

      const { stdout, stderr } = await kthena('upgrade', '-n', namespace, '--yes', ...JSON_LOG);
      expect(stdout).toContain(`Note: ${note}`);
      expect(stderr).toContain(`left as ${manager} set it: .spec.replicas: 3 (the values say 1)`);
      expect(await routerReplicas(cluster, namespace)).toBe(3);

      const again = await kthena('upgrade', '-n', namespace, '--yes');
      expect(again.stdout).toContain('nothing changes (revision 2)');
      expect(again.stdout).toContain(note);
      expect(await routerReplicas(cluster, namespace)).toBe(3);
    });
  });

  it('scaled replicas that the values are to change are a conflict, and forced', async () => {
    const cluster = current();
    const namespace = await helmInstall(cluster, 'helm3', await chartFolder());
    await scaleByHand(cluster, namespace);
    const args = ['upgrade', '-n', namespace, '--yes', '--set', 'networking.kthenaRouter.replicas=4'];
    const { code, stderr } = await runKthena(args, { env: cluster.env });
    expect(code).toBe(1);
    expect(stderr).toContain(
      `Deployment/${namespace}/kthena-router: .spec.replicas belongs to kubectl (scale): 3 would become 4`,
    );
    expect(stderr).toContain('--force-conflicts');
    await kthena(...args, '--force-conflicts');
    expect(await routerReplicas(cluster, namespace)).toBe(4);
  });

  it('replicas that were scaled before an adoption are left alone, and mentioned', async () => {
    const cluster = current();
    const namespace = await cluster.newNamespace('adopted');
    const input = installFile({ ...(await publishedChart()), crds: [] }).replaceAll('kthena-system', namespace);
    expect(await cluster.kubectl(['apply', '-f', '-'], { input })).toMatchObject({ code: 0 });
    await scaleByHand(cluster, namespace);
    const { stdout } = await kthena('install', '-n', namespace, '--take-ownership');
    expect(stdout).toContain('.spec.replicas stays 3, as kubectl (scale) set it; the values say 1.');
    expect(await routerReplicas(cluster, namespace)).toBe(3);
    expect((await kthena('upgrade', '-n', namespace, '--yes')).stdout).toContain('nothing changes (revision 1)');
  });
}
