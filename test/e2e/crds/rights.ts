import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Cluster, CommandResult } from '../../cluster/index.mjs';
import { crdsOf, NETWORKING, WORKLOAD } from '../../fixtures/crds/history.js';
import { runKthena } from '../install/program.js';
import { createResources, must, resetCrds, versionsIn } from './crd-cluster.js';
import { testFolder } from './folder.js';
import { lightCrdsOf, lightSamplesOf } from './light.js';

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

const crds = (...verbs: string[]): Rule => ({
  apiGroups: ['apiextensions.k8s.io'],
  resources: ['customresourcedefinitions'],
  verbs,
});
const resources = (...verbs: string[]): Rule => ({ apiGroups: [WORKLOAD, NETWORKING], resources: ['*'], verbs });
const rest: Rule = { apiGroups: [''], resources: ['secrets', 'pods', 'services'], verbs: ['get', 'list'] };

const READER = [crds('get', 'list'), resources('get', 'list'), rest];

const COMMANDS: [string, ...string[]][] = [
  ['list'],
  ['diff'],
  ['upgrade', '--allow-breaking', '--confirm-data-loss'],
  ['delete', '--confirm-data-loss'],
];

/** What the commands say and do for users without rights, and without a server. */
export function withoutRights(cluster: () => Cluster): void {
  const RBAC = '/apis/rbac.authorization.k8s.io/v1';

  /** A kubeconfig for a user of these rights. */
  async function userWith(name: string, rules: Rule[]): Promise<string> {
    await must(cluster(), 'POST', `${RBAC}/clusterroles`, { metadata: { name }, rules });
    const apiGroup = 'rbac.authorization.k8s.io';
    await must(cluster(), 'POST', `${RBAC}/clusterrolebindings`, {
      metadata: { name },
      roleRef: { apiGroup, kind: 'ClusterRole', name },
      subjects: [{ apiGroup, kind: 'User', name }],
    });
    return cluster().userKubeconfig({ name });
  }

  async function expectNothingDone(args: readonly string[], kubeconfig: string): Promise<CommandResult> {
    const [before, cwd] = [await versionsIn(cluster()), await testFolder()];
    const result = await runKthena(['crds', ...args, '--kubeconfig', kubeconfig], { env: cluster().env, cwd });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^Error: (?!this is a defect)/m);
    expect(result.stderr).not.toMatch(/^\s+at /m);
    expect(await versionsIn(cluster())).toEqual(before);
    expect((await readdir(cwd)).filter((name) => name.startsWith('.'))).toEqual([]);
    return result;
  }

  describe('a user', () => {
    beforeAll(async () => {
      await resetCrds(cluster(), lightCrdsOf('0.4'));
      await createResources(cluster(), lightSamplesOf('0.4'));
    });

    it.each(COMMANDS)('without any rights is told so by %s', async (...args) => {
      const kubeconfig = await cluster().userKubeconfig({ name: 'nobody' });
      const { stderr } = await expectNothingDone(args, kubeconfig);
      expect(stderr).toMatch(/403|forbidden|may not|not allowed/i);
      expect(stderr).toContain('customresourcedefinitions');
    });

    it('who may only read can list and compare', async () => {
      const kubeconfig = await userWith('viewer', READER);
      const run = (...args: string[]): Promise<CommandResult> =>
        runKthena(['crds', ...args, '--kubeconfig', kubeconfig], { env: cluster().env });
      expect((await run('list')).stdout).toContain('not of this bundle');
      const { code, stdout } = await run('diff', '--exit-code');
      expect(code).toBe(2);
      expect(stdout).toContain('AutoscalingPolicy/models/old-names');
    });

    it('who may only read CRDs cannot upgrade or delete them, and loses nothing', async () => {
      const kubeconfig = await userWith('reader', READER);
      const upgrade = await expectNothingDone(['upgrade', '--allow-breaking', '--confirm-data-loss'], kubeconfig);
      for (const crd of crdsOf('1.0'))
        expect(upgrade.stderr).toContain(`CustomResourceDefinition/${crd.metadata.name}`);
      const deletion = await expectNothingDone(['delete', '--confirm-data-loss', '--no-backup'], kubeconfig);
      expect(deletion.stderr).toMatch(/403|forbidden|may not/i);
    });

    it('who may not read the resources cannot upgrade what would break them', async () => {
      const kubeconfig = await userWith('blind', [crds('*'), rest]);
      const { stderr } = await expectNothingDone(['upgrade', '--allow-breaking', '--confirm-data-loss'], kubeconfig);
      expect(stderr).toMatch(/403|forbidden|may not/i);
    });

    it('who may delete resources but not CRDs loses nothing', async () => {
      const kubeconfig = await userWith('half', [crds('get', 'list'), resources('*'), rest]);
      const { stderr } = await expectNothingDone(['delete', '--confirm-data-loss', '--no-backup'], kubeconfig);
      expect(stderr).toContain('customresourcedefinitions');
    });
  });

  it.each(COMMANDS)('without a server %s says that it cannot be reached', async (...args) => {
    const [cwd, server] = [await testFolder(), 'https://127.0.0.1:1'];
    const { stdout: text } = await cluster().kubectl(['config', 'view', '--raw', '-o', 'json']);
    const config = JSON.parse(text) as { clusters: { cluster: { server: string } }[] };
    config.clusters[0]!.cluster.server = server;
    const result = await runKthena(['crds', ...args], { env: await withKubeconfig(cwd, config), cwd });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain(server);
    expect(result.stderr).not.toMatch(/defect|^\s+at /m);
  });

  async function withKubeconfig(folder: string, config: unknown): Promise<NodeJS.ProcessEnv> {
    const file = join(folder, 'kubeconfig');
    await writeFile(file, JSON.stringify(config));
    return { ...cluster().env, KUBECONFIG: file };
  }
}
