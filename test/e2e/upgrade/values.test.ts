import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startControlPlane, type CommandResult, type ControlPlane } from '../../cluster/index.mjs';
import { clearReleases, get, versionsIn } from '../install/cluster-state.js';
import { mustRun, runKthena } from '../install/program.js';
import { editRecord, recordOf } from './records.js';

let cluster: ControlPlane;
let namespace: string;
let count = 0;

const kthena = (command: string, ...args: string[]): Promise<CommandResult> =>
  runKthena([command, '-n', namespace, ...args], { env: cluster.env });
const must = (command: string, ...args: string[]): Promise<CommandResult> =>
  mustRun([command, '-n', namespace, ...args], { env: cluster.env });
const install = (...args: string[]): Promise<CommandResult> => must('install', '--no-wait', ...args);
const upgrade = (...args: string[]): Promise<CommandResult> => must('upgrade', '--no-wait', ...args);

beforeAll(async () => {
  cluster = await startControlPlane();
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  await clearReleases(cluster);
  namespace = `values-${++count}`;
});

async function userValues(revision: number): Promise<unknown> {
  return (await recordOf(cluster, namespace, revision)).config;
}

async function routerSpec(): Promise<{ replicas: number; template: { spec: Record<string, unknown> } }> {
  const router = await get(cluster, `/apis/apps/v1/namespaces/${namespace}/deployments/kthena-router`);
  return router!['spec'] as Awaited<ReturnType<typeof routerSpec>>;
}

const router = (values: object): object => ({ networking: { kthenaRouter: values } });

describe("the user's values of before", () => {
  it('are kept and told, with those set now over them', async () => {
    await install('--set', 'networking.kthenaRouter.replicas=2,networking.kthenaRouter.port=8081');
    const { stderr } = await upgrade('--set', 'networking.kthenaRouter.port=8082,global.imageRegistry=a.example');
    expect(stderr).toContain('Values carried over:\n  networking.kthenaRouter.replicas: 2\n');
    expect(stderr).not.toContain('networking.kthenaRouter.port: ');
    expect(await userValues(2)).toEqual({
      ...router({ replicas: 2, port: 8082 }),
      global: { imageRegistry: 'a.example' },
    });
    expect((await routerSpec()).replicas).toBe(2);
    const plan = JSON.parse((await must('diff', '-o', 'json')).stdout) as object;
    expect(plan).toMatchObject({ carriedOver: router({ replicas: 2, port: 8082 }) });
  });

  it('are forgotten with --reset-values', async () => {
    await install('--set', 'networking.kthenaRouter.replicas=2,networking.kthenaRouter.port=8081');
    const { stderr } = await upgrade('--reset-values', '--set', 'networking.kthenaRouter.port=8082');
    expect(stderr).not.toContain('carried over');
    expect(await userValues(2)).toEqual(router({ port: 8082 }));
    expect((await routerSpec()).replicas).toBe(1);
  });

  it('are those of the deployed revision, not of one that failed', async () => {
    await install('--set', 'networking.kthenaRouter.replicas=2');
    await upgrade('--set', 'networking.kthenaRouter.replicas=3');
    await editRecord(cluster, namespace, 2, ({ info }) => void (info.status = 'failed'));
    await upgrade('--set', 'networking.kthenaRouter.port=8081');
    expect(await userValues(3)).toEqual(router({ replicas: 2, port: 8081 }));
  });

  it('go with null: a default comes back no more, a value that has none is gone', async () => {
    await install(
      ...['--set', 'networking.kthenaRouter.podLabels.team=serving,networking.kthenaRouter.podLabels.color=red'],
      ...['--set', 'workload.controllerManager.podDisruptionBudget.enabled=true'],
      ...['--set', 'workload.controllerManager.podDisruptionBudget.minAvailable=1'],
    );
    await upgrade(
      ...['--set', 'networking.kthenaRouter.podLabels.team=null,networking.kthenaRouter.resource=null'],
      ...['--set', 'workload.controllerManager.podDisruptionBudget.minAvailable=null'],
      ...['--set', 'workload.controllerManager.podDisruptionBudget.maxUnavailable=1'],
    );
    expect(await userValues(2)).toEqual({
      ...router({ podLabels: { color: 'red' }, resource: null }),
      workload: { controllerManager: { podDisruptionBudget: { enabled: true, maxUnavailable: 1 } } },
    });
    expect(JSON.stringify((await routerSpec()).template)).not.toContain('512Mi');
    const again = await upgrade();
    expect(again.stdout).toContain('nothing changes');
  });
});

describe('defaults that are others today', () => {
  const older = async (): Promise<void> => {
    await install('--set', 'networking.kthenaRouter.port=8081');
    await editRecord(cluster, namespace, 1, ({ chart }) => {
      const router = (chart.values as Record<string, Record<string, Record<string, unknown>>>)['networking']![
        'kthenaRouter'
      ]!;
      router['drainTimeout'] = '2m';
      router['gone'] = { enabled: true };
    });
  };

  it('take effect by themselves', async () => {
    await older();
    expect((await upgrade()).stdout).toContain('nothing changes');
    expect(await userValues(1)).toEqual(router({ port: 8081 }));
  });

  it('are not taken with --reuse-values: those of before become values of the user, but for what is no more', async () => {
    await older();
    const { stderr } = await upgrade('--reuse-values', '--set', 'networking.kthenaRouter.replicas=2');
    expect(stderr).toContain('networking.kthenaRouter.drainTimeout: "2m"');
    expect(await userValues(2)).toEqual(router({ port: 8081, drainTimeout: '2m', replicas: 2 }));
    expect(JSON.stringify((await routerSpec()).template)).toContain('2m');
  });
});

describe('a stored value that is not valid any more', () => {
  const withUnknown = async (): Promise<void> => {
    await install('--set', 'networking.kthenaRouter.port=8081');
    await editRecord(cluster, namespace, 1, (record) => {
      record.config = router({ port: 8081, portt: 8082, accessLog: { format: 'xml' } }) as Record<string, unknown>;
    });
  };

  it('is named with its revision and a way on, before anything is written', async () => {
    await withUnknown();
    const before = await versionsIn(cluster);
    for (const command of ['upgrade', 'diff']) {
      const { code, stdout, stderr } = await kthena(command);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('revision 1 of release kthena: unknown key networking.kthenaRouter.portt');
      expect(stderr).toMatch(/revision 1 of release kthena: networking\.kthenaRouter\.accessLog\.format must be/);
      expect(stderr).toContain('--set <key>=null');
      expect(stderr).toContain('--reset-values');
    }
    expect(await versionsIn(cluster)).toEqual(before);
  });

  it('is left out with null, as the hint says', async () => {
    await withUnknown();
    await upgrade('--set', 'networking.kthenaRouter.portt=null,networking.kthenaRouter.accessLog.format=json');
    expect(await userValues(2)).toEqual(router({ port: 8081, accessLog: { format: 'json' } }));
  });

  it('passes with --skip-schema-validation where only its name is unknown, and stays in the record', async () => {
    await withUnknown();
    const set = ['--set', 'networking.kthenaRouter.accessLog.format=json'];
    const { stderr } = await upgrade('--skip-schema-validation', ...set);
    expect(stderr).toMatch(/warning: .*unknown key networking\.kthenaRouter\.portt/i);
    expect(await userValues(2)).toEqual(router({ port: 8081, portt: 8082, accessLog: { format: 'json' } }));
  });

  it('in an obsolete spelling is converted', async () => {
    await install();
    await editRecord(cluster, namespace, 1, (record) => {
      record.config = { global: { certManager: { enabled: false } }, registry: { enabled: true } };
    });
    const { stderr } = await upgrade('--set', 'networking.kthenaRouter.replicas=2');
    expect(stderr).toContain('global.certManager.enabled');
    expect(await userValues(2)).toEqual({ global: { certManagementMode: 'auto' }, ...router({ replicas: 2 }) });
  });
});

describe('credentials', () => {
  const key = 'workload.controllerManager.downloader.secretKey';
  const [first, second] = ['VGhlLWZpcnN0LWtleQ', 'VGhlLXNlY29uZC1rZXk'];

  it('are in no output of diff, upgrade and rollback, in whatever form', async () => {
    await install('--set', `${key}=${first}`);
    const outputs: CommandResult[] = [];
    for (const format of ['text', 'json', 'yaml']) {
      const set = ['-o', format, '--debug', '--set', `${key}=${second}`];
      outputs.push(...(await Promise.all([must('diff', ...set), upgrade('--dry-run', ...set)])));
    }
    outputs.push(await upgrade('--set', 'networking.kthenaRouter.replicas=2'));
    expect(outputs.at(-1)!.stderr).toContain(`  ${key}: "********"\n`);
    outputs.push(await upgrade('-o', 'json', '--set', `${key}=${second}`));
    outputs.push(await must('rollback', '--no-wait', '-o', 'json', '--dry-run'));
    await cluster.kubectl([
      'patch',
      'secret',
      'downloader-secrets',
      '-n',
      namespace,
      '-p',
      '{"stringData":{"SECRET_KEY":"third-key"}}',
    ]);
    outputs.push(...(await Promise.all([kthena('upgrade'), kthena('rollback', '2'), must('diff', '-o', 'json')])));
    expect(outputs.at(-3)!.stderr).toContain('.data.SECRET_KEY belongs to kubectl-patch: "***" would become "***"');
    for (const { stdout, stderr } of outputs) {
      for (const secret of [first, second, 'third-key']) {
        expect(stdout + stderr).not.toContain(secret);
        expect(stdout + stderr).not.toContain(Buffer.from(secret).toString('base64'));
      }
    }
  }, 120_000);
});
