import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startControlPlane, type ControlPlane, type CommandResult } from '../../cluster/index.mjs';
import { eventually } from '../install/cluster-state.js';
import { mustRun, runKthena, startKthena } from '../install/program.js';
import { MUTATED_BY } from './admission-server.js';
import { create, deniedOnes, oneOfEach, pathsCalled, PATHS } from './admission.js';
import { standInForCertManager } from './cert-manager.js';
import { installCertManagerCrds } from './cert-manager-kinds.js';
import { standIn, type StandIn } from './stand-in.js';

const NAMESPACE = 'kthena-system';
const MODE = ['--set', 'global.certManagementMode=cert-manager'];

let cluster: ControlPlane;
let components: StandIn;
const kthena = (...args: string[]): Promise<CommandResult> => runKthena(args, { env: cluster.env });
const must = (...args: string[]): Promise<CommandResult> => mustRun(args, { env: cluster.env });

beforeAll(async () => {
  cluster = await startControlPlane({ podsAnswer: true });
  await installCertManagerCrds(cluster);
});
afterAll(() => cluster.stop());

beforeEach(() => {
  components = standIn(cluster, NAMESPACE);
});
afterEach(async () => {
  await must('uninstall', '--wait');
  // They are cert-manager's, and an uninstall leaves them.
  await cluster.kubectl(['delete', 'secrets', '--all', '-n', NAMESPACE]);
  await components.close();
});

describe('cert-manager that works', () => {
  let end: () => Promise<void>;
  beforeEach(() => {
    end = standInForCertManager(cluster);
  });
  afterEach(() => end());

  it.each([
    ['certManagementMode cert-manager', MODE],
    ['certManager.enabled', ['--set', 'global.certManager.enabled=true']],
  ])('with %s: every webhook answers as soon as the install is done', async (_, flags) => {
    const installed = await kthena('install', ...flags);
    expect(installed).toMatchObject({ code: 0 });
    expect(installed.stderr).toMatch(/Certificate\/kthena-system\/kthena-router-webhook-cert is ready/);

    expect(await create(cluster, oneOfEach('tried', 'default'), '--dry-run=server')).toMatchObject({ code: 0 });
    expect(pathsCalled(components, 'tried')).toEqual(PATHS);
    expect(components.calls.every(({ dryRun }) => dryRun)).toBe(true);

    const refused = await create(cluster, deniedOnes('refused', 'default', 'not today'));
    expect(refused.stderr.match(/denied the request: not today/g)).toHaveLength(5);
    expect(refused.code).toBe(1);

    expect(await create(cluster, oneOfEach('made', 'default'))).toMatchObject({ code: 0 });
    const { stdout } = await cluster.kubectl(['get', 'modelbooster/made', 'modelroute/made', '-o', 'json']);
    const [booster, route] = (JSON.parse(stdout) as { items: { metadata: { annotations?: object } }[] }).items;
    expect(booster!.metadata.annotations).toHaveProperty([MUTATED_BY]);
    expect(route!.metadata.annotations ?? {}).not.toHaveProperty([MUTATED_BY]);
    await cluster.kubectl(['delete', 'modelroute,modelserver,modelserving,modelbooster,autoscalingpolicy', '--all']);
  });
});

describe('a change to cert-manager', () => {
  it('has the pods serve its certificates when the upgrade is done', async () => {
    await must('install');
    const { stdout: before } = await cluster.kubectl(['get', 'pods', '-n', NAMESPACE, '-o', 'name']);
    const end = standInForCertManager(cluster);
    await must('upgrade', '--yes', ...MODE);
    const tried = await create(cluster, oneOfEach('changed', 'default'), '--dry-run=server');
    await end();
    expect(tried).toMatchObject({ code: 0 });
    expect(pathsCalled(components, 'changed')).toEqual(PATHS);
    const { stdout: after } = await cluster.kubectl(['get', 'pods', '-n', NAMESPACE, '-o', 'name']);
    expect(after.split('\n').filter((pod) => pod !== '' && before.includes(pod))).toEqual([]);
  });
});

describe('cert-manager that does not issue', () => {
  it('ends the install with what the Certificate says', async () => {
    const refusal = { reason: 'DoesNotExist', message: 'the test does not issue certificates' };
    const end = standInForCertManager(cluster, { refusal });
    const installed = await kthena('install', ...MODE, '--timeout', '4s');
    await end();
    expect(installed.code).toBe(1);
    expect(installed.stderr).toMatch(
      /Certificate\/kthena-system\/kthena-router-webhook-cert: .*the test does not issue certificates/,
    );
  });

  it('is waited for, and so is its CA', async () => {
    const install = startKthena(['install', ...MODE], { env: cluster.env });
    await eventually('the install waits for the CA', async () =>
      /ValidatingWebhookConfiguration\/kthena-router-validating-webhook (?!created)/.test(install.progress())
        ? true
        : undefined,
    );
    const end = standInForCertManager(cluster);
    expect(await install.end).toMatchObject({ code: 0 });
    expect(await create(cluster, oneOfEach('tried', 'default'), '--dry-run=server')).toMatchObject({ code: 0 });
    await end();
  });
});
