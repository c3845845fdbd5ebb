import { describe, expect, it } from 'vitest';
import { settledVersionsIn } from '../install/cluster-state.js';
import type { AuditedCluster } from '../install/audit.js';
import { runKthena } from '../install/program.js';
import { chartFolder, helmInstall } from './helm-release.js';

/** One cluster takes one install, since cluster roles and webhook configurations have fixed names. */
export function secondReleases(current: () => AuditedCluster): void {
  describe.each(['helm3', 'helm4'] as const)('a second release beside one of %s', (major) => {
    it.each([
      ['install', ['install']],
      ['install --take-ownership', ['install', '--take-ownership', '--force-conflicts']],
      ['upgrade --install', ['upgrade', '--install', '--yes', '--take-ownership']],
      ['an upgrade of another release', ['upgrade', '--yes', '--take-ownership', '--force-conflicts']],
    ])('%s: is refused by name, and nothing is written', async (name, args) => {
      const cluster = current();
      const other = await cluster.newNamespace('second');
      const isThere = name.startsWith('an upgrade');
      // A release without the shared objects can be installed beside another; the upgrade would add them.
      if (isThere) {
        const chart = { version: '1.0.0', defaults: {}, objects: [], crds: [] };
        await cluster[major](['install', 'kthena', await chartFolder(chart), '-n', other]);
      }
      const namespace = await helmInstall(cluster, major, await chartFolder());
      const before = await settledVersionsIn(cluster);
      await cluster.writes();

      const { code, stdout, stderr } = await runKthena([...args, '-n', other], { env: cluster.env });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(
        `Kthena is in this cluster already: release kthena in namespace ${namespace} (deployed)`,
      );
      expect(await cluster.writes(), 'requests that are no dry run').toEqual([]);
      expect(await settledVersionsIn(cluster)).toEqual(before);
    });
  });
}
