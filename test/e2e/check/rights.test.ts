import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rights } from '../../../src/preflight/rights/rights.js';
import { startControlPlane, type CommandResult, type ControlPlane } from '../../cluster/index.mjs';
import { goldenObjects } from '../install/golden.js';
import { mustRun, runKthena } from '../install/program.js';
import { clientFor, resultOf, subjectIn } from './setup.js';

let cluster: ControlPlane;

beforeAll(async () => {
  cluster = await startControlPlane();
});
afterAll(() => cluster.stop());

interface Report {
  summary: { errors: number; warnings: number };
  checks: {
    id: string;
    status: string;
    findings: { severity: string; seen: string; hint: string; manifest?: string }[];
  }[];
}

async function kubectl(args: string[], input?: string): Promise<void> {
  const { stderr, code } = await cluster.kubectl(args, input === undefined ? {} : { input });
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
}

/** The findings of `kthena check --pre` about the rights of a user. */
async function lacking(kubeconfig: string, ...args: string[]): Promise<Report['checks'][0]> {
  const { stdout, stderr } = await asUser(kubeconfig, 'check', '--pre', '-o', 'json', ...args);
  const found = (JSON.parse(stdout) as Report).checks.find(({ id }) => id === 'rights');
  if (found === undefined) throw new Error(stderr);
  return found;
}

const asUser = (kubeconfig: string, ...args: string[]): Promise<CommandResult> =>
  runKthena(args, { env: { ...cluster.env, KUBECONFIG: kubeconfig } });

function manifestOf({ findings }: Report['checks'][0]): string {
  const manifests = findings.flatMap(({ manifest }) => manifest ?? []);
  expect(manifests).toHaveLength(1);
  return manifests[0]!;
}

describe('the check of the rights', () => {
  it('is silent for an administrator, after one question', async () => {
    const client = await clientFor(cluster);
    const subject = await subjectIn(client, 'anywhere');
    let questions = 0;
    const counting = Object.assign(Object.create(client) as typeof client, {
      create: (...args: Parameters<typeof client.create>) => (questions++, client.create(...args)),
    });
    expect(await resultOf(rights, subject, counting)).toMatchObject({ status: 'passed', findings: [] });
    expect(questions).toBe(1);
  });

  it('gives a user without any right a manifest, with which the install, an upgrade and the uninstall succeed', async () => {
    const bob = await cluster.userKubeconfig({ name: 'bob' });
    const refused = await asUser(bob, 'install', '-n', 'team-bob');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('rights: user "bob" lacks rights that this needs');
    const result = await lacking(bob, '-n', 'team-bob');
    expect(result.status).toBe('failed');
    expect(result.findings.map(({ severity }) => severity)).toEqual(['error', 'error', 'warning']);
    expect(result.findings[0]!.seen).toMatch(/in namespace team-bob: get, create, patch configmaps, serviceaccounts/);
    expect(result.findings[1]!.seen).toMatch(/in the cluster: escalate, bind clusterroles.* kthena-router, or else/);
    expect(refused.stderr.endsWith(`\n\n${manifestOf(result)}`)).toBe(true);
    await kubectl(['apply', '-f', '-'], manifestOf(result));
    expect(await lacking(bob, '-n', 'team-bob')).toMatchObject({ status: 'passed', findings: [] });
    const env = { ...cluster.env, KUBECONFIG: bob };
    await mustRun(['install', '-n', 'team-bob'], { env });
    const change = ['-n', 'team-bob', '--set', 'workload.controllerManager.replicas=2'];
    expect(await lacking(bob, ...change)).toMatchObject({ status: 'passed' });
    await mustRun(['upgrade', ...change, '--yes'], { env });
    await mustRun(['uninstall', '-n', 'team-bob'], { env });
  });

  it('is silent where each right is given by the names of the objects', async () => {
    const eve = await cluster.userKubeconfig({ name: 'eve' });
    const manifest = manifestOf(await lacking(eve, '-n', 'team-eve'));
    const named = manifest.replaceAll(
      /(\n {6}- clusterroles\n)( {4}verbs:\n {6}- get\n)/g,
      '$1    resourceNames: [kthena-router, kthena-controller-manager]\n$2',
    );
    expect(named).not.toBe(manifest);
    await kubectl(['apply', '-f', '-'], named);
    expect(await lacking(eve, '-n', 'team-eve')).toMatchObject({ status: 'passed' });
  });

  it('wants no right to escalate of whoever has the rights that the roles give', async () => {
    const mia = await cluster.userKubeconfig({ name: 'mia' });
    const manifest = manifestOf(await lacking(mia, '-n', 'team-mia'));
    const modest = manifest.replace(
      / {2}- apiGroups:\n {6}- rbac[^ ]*\n {4}resources:\n {6}- clusterroles\n {4}resourceNames:[^]*? {6}- bind\n/,
      '',
    );
    expect(modest).not.toContain('escalate');
    await kubectl(['apply', '-f', '-'], modest);
    expect((await lacking(mia, '-n', 'team-mia')).findings).toHaveLength(1);
    for (const role of goldenObjects('default').filter(({ kind }) => kind === 'ClusterRole')) {
      const name = `mia-${role.metadata.name}`;
      await kubectl(['create', '-f', '-'], JSON.stringify({ ...role, metadata: { name } }));
      await kubectl(['create', 'clusterrolebinding', name, `--clusterrole=${name}`, '--user=mia']);
    }
    expect(await lacking(mia, '-n', 'team-mia')).toMatchObject({ status: 'passed', findings: [] });
    await mustRun(['install', '-n', 'team-mia'], { env: { ...cluster.env, KUBECONFIG: mia } });
    await mustRun(['uninstall', '-n', 'team-mia'], { env: cluster.env });
  });

  it('knows what the take-over of objects that kubectl made needs', async () => {
    const tom = await cluster.userKubeconfig({ name: 'tom' });
    const { stdout } = await mustRun(['template', '-n', 'team-tom'], { env: cluster.env });
    await kubectl(['create', 'namespace', 'team-tom']);
    await kubectl(['apply', '-f', '-'], stdout);
    const flags = ['-n', 'team-tom', '--take-ownership'];
    await kubectl(['apply', '-f', '-'], manifestOf(await lacking(tom, ...flags)));
    const more = await lacking(tom, ...flags);
    expect(more.findings[0]!.seen).toMatch(/update .*deployments/);
    await kubectl(['apply', '-f', '-'], manifestOf(more));
    expect(await lacking(tom, ...flags)).toMatchObject({ status: 'passed' });
    await mustRun(['install', ...flags, '--yes'], { env: { ...cluster.env, KUBECONFIG: tom } });
  });
});
