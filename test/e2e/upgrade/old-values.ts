import { describe, expect, it } from 'vitest';
import type { Cluster, CommandResult } from '../../cluster/index.mjs';
import { mustRun, runKthena } from '../install/program.js';
import { json } from '../release/fixtures.js';
import { chartFolder, helmInstall } from './helm-release.js';

const REPLICAS = ['--set', 'networking.kthenaRouter.replicas=2'];

/** What a user had set for an earlier release, and the schema of now does not take as it is. */
export function valuesOfEarlierReleases(current: () => Cluster): void {
  const kthena = (...args: string[]): Promise<CommandResult> => mustRun(args, { env: current().env });
  const valuesOf = (namespace: string): Promise<unknown> =>
    json(current().helm3, ['get', 'values', 'kthena', '-n', namespace]);

  describe('obsolete values in a record of Helm', () => {
    it('are replaced by what they stand for, and named', async () => {
      const set = ['--set', 'global.certManager.enabled=false,registry.enabled=true,networking.webhook.port=1'];
      const namespace = await helmInstall(current(), 'helm3', await chartFolder(), [...set, ...REPLICAS]);
      const { stderr } = await kthena('upgrade', '-n', namespace, '--yes');
      const place = 'revision 1 of release kthena';
      expect(stderr).toContain(
        `${place}: global.certManager.enabled is obsolete: write global.certManagementMode: auto`,
      );
      expect(stderr).toContain(`${place}: registry is ignored`);
      expect(stderr).toContain(`${place}: networking.webhook is ignored`);
      expect(await valuesOf(namespace)).toEqual({
        global: { certManagementMode: 'auto' },
        networking: { kthenaRouter: { replicas: 2 } },
      });
      const again = await kthena('upgrade', '-n', namespace, '--yes');
      expect(again.stderr).not.toContain('obsolete');
      expect(again.stdout).toContain('nothing changes (revision 2)');
    });
  });

  describe('a value in a record of Helm that the schema does not know', () => {
    const set = ['--set', 'networking.kthenaRouter.legacyMode=strict', ...REPLICAS];

    it('is named with its place and the ways on, and nothing is written', async () => {
      const cluster = current();
      const namespace = await helmInstall(cluster, 'helm3', await chartFolder(), set);
      for (const command of [['upgrade', '--yes'], ['diff']]) {
        const { code, stdout, stderr } = await runKthena([...command, '-n', namespace], { env: cluster.env });
        expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
        expect(stderr).toContain('revision 1 of release kthena: unknown key networking.kthenaRouter.legacyMode');
        expect(stderr).toContain('--set <key>=null');
        expect(stderr).toContain('--reset-values');
      }
      expect(await json(cluster.helm3, ['list', '-n', namespace])).toMatchObject([{ revision: '1' }]);
    });

    it('is left out with null, alone', async () => {
      const namespace = await helmInstall(current(), 'helm4', await chartFolder(), set);
      await kthena('upgrade', '-n', namespace, '--yes', '--set', 'networking.kthenaRouter.legacyMode=null');
      expect(await valuesOf(namespace)).toEqual({ networking: { kthenaRouter: { replicas: 2 } } });
      expect((await kthena('upgrade', '-n', namespace, '--yes')).stdout).toContain('nothing changes (revision 2)');
    });

    it('is left out with --reset-values, as all others', async () => {
      const namespace = await helmInstall(current(), 'helm3', await chartFolder(), set);
      await kthena('upgrade', '-n', namespace, '--yes', '--reset-values');
      expect(await valuesOf(namespace)).toEqual(null);
    });

    it('is left out as a whole map', async () => {
      const map = ['--set', 'networking.gateway.host=a,networking.gateway.port=1', ...REPLICAS];
      const namespace = await helmInstall(current(), 'helm3', await chartFolder(), map);
      await kthena('upgrade', '-n', namespace, '--yes', '--set', 'networking.gateway=null');
      expect(await valuesOf(namespace)).toEqual({ networking: { kthenaRouter: { replicas: 2 } } });
    });
  });

  it('a stored value of the wrong type is named, and a new one takes its place', async () => {
    const set = ['--set-string', 'workload.controllerManager.debugPort=many'];
    const namespace = await helmInstall(current(), 'helm3', await chartFolder(), set);
    const { code, stderr } = await runKthena(['upgrade', '-n', namespace, '--yes'], { env: current().env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/revision 1 of release kthena: workload\.controllerManager\.debugPort must be .*"many"/);
    expect(stderr).toContain('--set <key>=null');
    await kthena('upgrade', '-n', namespace, '--yes', '--set', 'workload.controllerManager.debugPort=6060');
    expect(await valuesOf(namespace)).toEqual({ workload: { controllerManager: { debugPort: 6060 } } });
  });
}
