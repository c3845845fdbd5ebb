import { describe, expect, it } from 'vitest';
import type { Cluster, CommandResult } from '../../cluster/index.mjs';
import { mustRun, runKthena } from '../install/program.js';
import { footprint, generationOf } from './footprint.js';
import { chartFolder, deploymentOf, helmInstall } from './helm-release.js';

const ROUTER = 'deployment/kthena-router';

/** What people changed with kubectl in an installation of Helm's. */
export function changesByHand(current: () => Cluster): void {
  const kubectl = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await current().kubectl(args);
    if (code !== 0) throw new Error(stderr);
  };
  const kthena = (...args: string[]): Promise<CommandResult> => mustRun(args, { env: current().env });

  describe.each(['helm3', 'helm4'] as const)('fields that were set by hand after an install by %s', (major) => {
    it('stay where the release does not set them, and nothing restarts', async () => {
      const cluster = current();
      const namespace = await helmInstall(cluster, major, await chartFolder());
      await kubectl('rollout', 'restart', ROUTER, '-n', namespace);
      await kubectl('label', ROUTER, 'team=serving', '-n', namespace);
      await kubectl('annotate', ROUTER, 'app.example/note=ours', '-n', namespace);
      await kubectl('set', 'env', ROUTER, 'EXTRA=1', '-n', namespace);
      const before = await footprint(cluster, namespace);
      await kthena('upgrade', '-n', namespace, '--yes');
      const after = await footprint(cluster, namespace);
      const name = `Deployment/${namespace}/kthena-router`;
      expect(after.objects.get(name)!.metadata).toMatchObject({
        labels: { team: 'serving' },
        annotations: { 'app.example/note': 'ours' },
      });
      expect(JSON.stringify(after.objects.get(name))).toContain('{"name":"EXTRA","value":"1"}');
      expect(generationOf(after, name)).toBe(generationOf(before, name));
      expect(after.pods).toEqual(before.pods);
    });

    it('are a conflict where the release sets them, with manager and both values, and forced', async () => {
      const cluster = current();
      const namespace = await helmInstall(cluster, major, await chartFolder());
      await kubectl('set', 'image', ROUTER, 'kthena-router=registry.example/router:hotfix', '-n', namespace);
      const { code, stderr } = await runKthena(['upgrade', '-n', namespace, '--yes'], { env: cluster.env });
      expect(code).toBe(1);
      const path = '.spec.template.spec.containers[name="kthena-router"].image';
      expect(stderr).toContain(
        `Deployment/${namespace}/kthena-router: ${path} belongs to kubectl-set: "registry.example/router:hotfix" would become "ghcr.io/volcano-sh/kthena-router:v1.0.0"`,
      );
      expect(await revisionsOf(namespace)).toBe(1);
      await kthena('upgrade', '-n', namespace, '--yes', '--force-conflicts');
      expect(JSON.stringify(await deploymentOf(cluster, namespace, 'kthena-router'))).not.toContain('hotfix');
      expect(await revisionsOf(namespace)).toBe(2);
    });
  });

  const revisionsOf = async (namespace: string): Promise<number> => {
    const { stdout } = await kthena('history', '-n', namespace, '-o', 'json');
    return (JSON.parse(stdout) as unknown[]).length;
  };
}
