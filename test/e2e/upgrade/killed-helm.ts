import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import type { Cluster, CommandResult } from '../../cluster/index.mjs';
import { get } from '../install/cluster-state.js';
import { mustRun } from '../install/program.js';
import { json } from '../release/fixtures.js';
import { changedChart, chartFolder, deploymentOf, helmInstall, killHelm, type HelmMajor } from './helm-release.js';
import type { Chart } from './published-chart.js';

/** The published chart with a router that never becomes ready, and so keeps Helm waiting. */
function stuckChart(): Promise<Chart> {
  return changedChart('Deployment', 'kthena-router', (router) => {
    const { template } = router['spec'] as { template: { metadata: KubeObject['metadata'] } };
    template.metadata.annotations = { 'test.kthena/waiting-reason': 'ImagePullBackOff' };
  });
}

/** Whether Helm has recorded this revision as begun, and applied its router. */
async function isWaiting(cluster: Cluster, namespace: string, revision: number): Promise<boolean> {
  const record = await get(cluster, `/api/v1/namespaces/${namespace}/secrets/sh.helm.release.v1.kthena.v${revision}`);
  const router = await deploymentOf(cluster, namespace, 'kthena-router');
  return (
    record?.metadata.labels?.['status']?.startsWith('pending') === true &&
    JSON.stringify(router ?? {}).includes('waiting-reason')
  );
}

interface Revision {
  revision: number;
  status: string;
}

/** Releases that a Helm left half done: it has no lock, and refuses them itself from then on. */
export function releasesOfKilledHelm(current: () => Cluster): void {
  describe.each(['helm3', 'helm4'] as const)('a release that a killed %s left pending', (major) => {
    const kthena = (...args: string[]): Promise<CommandResult> => mustRun(args, { env: current().env });

    it('in its install is explained, and brought to its end', async () => {
      const cluster = current();
      const namespace = await cluster.newNamespace('killed');
      const args = ['install', 'kthena', await chartFolder(await stuckChart()), '-n', namespace];
      const values = ['--set', 'networking.kthenaRouter.replicas=2'];
      await killHelm(cluster, major, [...args, ...values], () => isWaiting(cluster, namespace, 1));
      expect((await kthena('status', '-n', namespace)).stdout).toMatch(/^Status: +pending-install: /m);

      const diff = await kthena('diff', '-n', namespace);
      expect(diff.stdout).toMatch(/^Note: revision 1 is pending-install since .*a Helm that was stopped left it so/m);
      const { stderr } = await kthena('upgrade', '-n', namespace, '--yes');
      expect(stderr).toMatch(/revision 1 is pending-install since .*a Helm that was stopped left it so/);
      expect(stderr).toContain('networking.kthenaRouter.replicas: 2');
      await expectResolved(cluster, major, namespace, ['1 failed', '2 deployed']);
    });

    it('in an upgrade is explained, and goes on from what was deployed', async () => {
      const cluster = current();
      const namespace = await helmInstall(cluster, major, await chartFolder(), [
        '--set',
        'networking.kthenaRouter.replicas=2',
      ]);
      const args = ['upgrade', 'kthena', await chartFolder(await stuckChart()), '-n', namespace];
      const values = ['--set', 'networking.kthenaRouter.replicas=3'];
      await killHelm(cluster, major, [...args, ...values], () => isWaiting(cluster, namespace, 2));

      const { stderr } = await kthena('upgrade', '-n', namespace, '--yes');
      expect(stderr).toMatch(/revision 2 is pending-upgrade since .*; revision 1 is what was deployed before/);
      expect(stderr).toContain('networking.kthenaRouter.replicas: 2');
      await expectResolved(cluster, major, namespace, ['1 superseded', '2 failed', '3 deployed']);
    });

    it('in an upgrade can be rolled back', async () => {
      const cluster = current();
      const namespace = await helmInstall(cluster, major, await chartFolder());
      const args = ['upgrade', 'kthena', await chartFolder(await stuckChart()), '-n', namespace];
      await killHelm(cluster, major, args, () => isWaiting(cluster, namespace, 2));
      await kthena('rollback', '-n', namespace, '--yes');
      await expectResolved(cluster, major, namespace, ['1 superseded', '2 failed', '3 deployed']);
    });
  });
}

async function expectResolved(cluster: Cluster, major: HelmMajor, namespace: string, history: string[]): Promise<void> {
  const router = await deploymentOf(cluster, namespace, 'kthena-router');
  expect(JSON.stringify(router)).not.toContain('waiting-reason');
  const revisions = await json<Revision[]>(cluster[major], ['history', 'kthena', '-n', namespace]);
  expect(revisions.map(({ revision, status }) => `${revision} ${status}`)).toEqual(history);
  expect(await json(cluster[major], ['list', '-n', namespace])).toMatchObject([{ status: 'deployed' }]);
}
