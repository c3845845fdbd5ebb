import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from 'js-yaml';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startControlPlane, type CommandResult, type ControlPlane } from '../../cluster/index.mjs';
import { eventually } from '../install/cluster-state.js';
import { mustRun, runKthena, startKthena } from '../install/program.js';
import { serveLogs } from '../wait/kubelet.js';
import { unpack } from './unpack.js';

const NAMESPACE = 'kthena-system';

let cluster: ControlPlane;
let folder: string;
const kthena = (args: string[], kubeconfig = cluster.kubeconfig): Promise<CommandResult> =>
  runKthena(args, { env: { ...cluster.env, KUBECONFIG: kubeconfig }, cwd: folder });

beforeAll(async () => {
  cluster = await startControlPlane();
  const password = '{"name":"UPSTREAM_PASSWORD","value":"hunter2"}';
  const flags = ['--set', 'workload.controllerManager.downloader.secretKey=hunter2'];
  flags.push('--set-json', `networking.kthenaRouter.extraEnv=[${password}]`);
  await mustRun(['install', ...flags], { env: cluster.env });
  await restarted('kthena-router');
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kthena-bug-report-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Lets the container of a component's pod have been started anew. */
async function restarted(component: string): Promise<void> {
  const pods = `/api/v1/namespaces/${NAMESPACE}/pods`;
  const { body } = await cluster.request('GET', `${pods}?labelSelector=app.kubernetes.io/component=${component}`);
  const [pod] = (body as { items: { metadata: { name: string }; status: { containerStatuses: object[] } }[] }).items;
  const containerStatuses = pod!.status.containerStatuses.map((status) => ({ ...status, restartCount: 1 }));
  await cluster.request('PATCH', `${pods}/${pod!.metadata.name}/status`, { status: { containerStatuses } });
}

async function report(kubeconfig?: string): Promise<{ files: Map<string, string>; result: CommandResult }> {
  const file = join(folder, 'report.tgz');
  await rm(file, { force: true });
  const result = await kthena(['bug-report', '--file', file], kubeconfig);
  expect(result).toMatchObject({ code: 0, stdout: `${file}\n` });
  return { files: await unpack(file), result };
}

const pathsLike = (files: ReadonlyMap<string, string>, pattern: RegExp): string[] =>
  [...files.keys()].filter((path) => pattern.test(path));

describe('kthena bug-report', () => {
  it('tells versions, record, objects, pods, events, logs, certificates, CRDs, webhooks, nodes and checks', async () => {
    await serveLogs(cluster, (url) => `log, previous: ${url.searchParams.get('previous')}\npassword=hunter2\n`);
    const { files, result } = await report();
    expect(result.stderr).not.toContain('Warning');
    const text = (path: string): string => files.get(path) ?? `no ${path} in ${[...files.keys()].join('\n')}`;
    expect(load(text('versions.yaml'))).toMatchObject({
      tool: { node: process.version },
      server: { gitVersion: expect.stringMatching(/^v1\./) as string },
    });
    expect(text('release/history.txt')).toContain('Install complete');
    expect(load(text('release/revision-1/values.yaml'))).toEqual({
      workload: { controllerManager: { downloader: { secretKey: '***' } } },
      networking: { kthenaRouter: { extraEnv: [{ name: 'UPSTREAM_PASSWORD', value: '***' }] } },
    });
    expect(text('release/revision-1/manifest.yaml')).toMatch(/kind: Deployment/);
    expect(load(text(`objects/Deployment/${NAMESPACE}/kthena-router.yaml`))).toMatchObject({
      kind: 'Deployment',
      status: { availableReplicas: 1 },
    });
    expect(text(`objects/Secret/${NAMESPACE}/downloader-secrets.yaml`)).toContain("SECRET_KEY: '***'");
    expect(text(`namespaces/${NAMESPACE}/events.yaml`)).toContain('SuccessfulCreate');
    expect(pathsLike(files, /\/pods\/kthena-router-.*\.yaml$/)).toHaveLength(1);
    expect(pathsLike(files, /\/replicasets\//)).toHaveLength(2);
    const logs = pathsLike(files, /^logs\//);
    expect(logs.map((path) => path.replace(/-[0-9a-f]{6,}-\w{5}\//, '/'))).toEqual([
      `logs/${NAMESPACE}/kthena-controller-manager/kthena-controller-manager.log`,
      `logs/${NAMESPACE}/kthena-router/kthena-router.previous.log`,
      `logs/${NAMESPACE}/kthena-router/kthena-router.log`,
    ]);
    expect(logs.map(text)).toEqual(
      ['null', 'true', 'null'].map((previous) => `log, previous: ${previous}\npassword=********\n`),
    );
    expect(load(text('cluster/crds.yaml'))).toHaveLength(5);
    expect(text('cluster/crds.yaml')).not.toContain('openAPIV3Schema');
    expect(load(text('cluster/ValidatingWebhookConfigurations.yaml'))).toHaveLength(2);
    expect(load(text('cluster/nodes.yaml'))).toHaveLength(2);
    expect(load(text('checks.yaml'))).toContainEqual(expect.objectContaining({ id: 'server', status: 'passed' }));
    expect(text('summary.txt')).toMatch(/revision 1, deployed: Install complete/);
  });

  it('tells of certificates the public parts and whether they agree, never the key', async () => {
    const { files } = await report();
    const folderOf = `certificates/Secret/${NAMESPACE}/kthena-router-webhook-certs`;
    expect(pathsLike(files, /^certificates\/Secret\/.*router/)).toEqual(
      ['tls.crt', 'ca.crt'].flatMap((key) => [`${folderOf}/${key}.pem`, `${folderOf}/${key}.yaml`]),
    );
    expect(load(files.get(`${folderOf}/tls.crt.yaml`)!)).toMatchObject([
      { names: expect.stringContaining(`kthena-router-webhook.${NAMESPACE}.svc`) as string, isCa: false },
    ]);
    const served = load(files.get('certificates/webhooks.yaml')!) as { webhooks: { problems: string[] }[] }[];
    expect(served.flatMap(({ webhooks }) => webhooks.flatMap(({ problems }) => problems))).toEqual([]);
    expect([...files.values()].filter((text) => /PRIVATE KEY|hunter2/.test(text))).toEqual([]);
  });

  it('has the same files in the same order every time, for nobody else to read', async () => {
    await serveLogs(cluster, () => 'log\n');
    const first = [...(await report()).files.keys()];
    expect((await stat(join(folder, 'report.tgz'))).mode & 0o777).toBe(0o600);
    expect([...(await report()).files.keys()]).toEqual(first);
    expect(first.at(-1)).toBe('summary.txt');
  });

  it('leaves out the beginning of a long log, and says so', async () => {
    const line = `${'x '.repeat(49)}.\n`;
    await serveLogs(cluster, (url) => (url.pathname.includes('router') ? line.repeat(120_000) : 'short\n'));
    const { files } = await report();
    const [log] = pathsLike(files, /kthena-router\.log$/);
    const text = files.get(log!)!;
    expect(text.length).toBeLessThanOrEqual(10 * 1024 * 1024);
    expect(text.length).toBeGreaterThan(10 * 1024 * 1024 - 200);
    expect(text.startsWith(line)).toBe(true);
    expect(files.get('summary.txt')).toMatch(/container kthena-router: its first 15\d{5} bytes are left out/);
  });

  it('names a log that cannot be read, and goes on', async () => {
    // The node's kubelet is gone: the server of the test before has ended.
    const { files, result } = await report();
    expect(result.stderr).toMatch(/Warning: not in the report: log of kthena-system\/kthena-router-/);
    expect(files.get('summary.txt')).toMatch(/log of kthena-system\/kthena-router-.*container kthena-router/);
  });
});

describe('kthena bug-report of a user with few rights', () => {
  async function reader(name: string, ...roleFlags: string[]): Promise<string> {
    const kubeconfig = await cluster.userKubeconfig({ name });
    if (roleFlags.length === 0) return kubeconfig;
    const where = ['-n', NAMESPACE];
    await cluster.kubectl(['create', 'role', name, ...where, '--verb=get,list', ...roleFlags]);
    await cluster.kubectl(['create', 'rolebinding', name, ...where, `--role=${name}`, `--user=${name}`]);
    return kubeconfig;
  }

  it('has what may be read in the namespace, and names the rest', async () => {
    const resources = 'pods,pods/log,services,secrets,configmaps,events,serviceaccounts,resourcequotas,limitranges';
    const others = 'deployments.apps,replicasets.apps,endpointslices.discovery.k8s.io';
    const kubeconfig = await reader('namespaced', `--resource=${resources},${others}`);
    const { files } = await report(kubeconfig);
    expect(files.has(`objects/Deployment/${NAMESPACE}/kthena-router.yaml`)).toBe(true);
    expect(pathsLike(files, /\/pods\//)).toHaveLength(2);
    expect(files.has('cluster/nodes.yaml')).toBe(false);
    const summary = files.get('summary.txt')!;
    for (const what of [
      'the nodes',
      'ClusterRole/kthena-router',
      'CustomResourceDefinition/modelroutes',
      'ValidatingWebhookConfigurations',
    ]) {
      expect(summary).toMatch(new RegExp(`^  ${what}.*(403|may not|forbidden)`, 'm'));
    }
  });

  it('finds pods and Deployments by their labels where the record may not be read', async () => {
    const kubeconfig = await reader('without-secrets', '--resource=pods,deployments.apps');
    const { files } = await report(kubeconfig);
    expect(pathsLike(files, /\/pods\//)).toHaveLength(2);
    expect(pathsLike(files, /\/deployments\//)).toHaveLength(2);
    expect(files.get('summary.txt')).toMatch(/the record of the release: .*Secret/);
  });

  it('is written even where nothing may be read', async () => {
    const { files, result } = await report(await reader('nobody'));
    expect([...files.keys()]).toContain('versions.yaml');
    expect(result.stderr.match(/^Warning: /gm)).toHaveLength(6);
    expect(result.stderr).toMatch(/more, which its summary\.txt names/);
  });
});

describe('the file', () => {
  it('has the time in its name where none is given', async () => {
    const { stdout, code } = await kthena(['bug-report', '-o', 'json']);
    expect(code).toBe(0);
    const { path } = JSON.parse(stdout) as { path: string };
    expect(path).toMatch(/^kthena-bug-report-\d{8}T\d{9}Z\.tgz$/);
    expect(await readdir(folder)).toEqual([path]);
  });

  it('is not written over another one, and has a name that tells what it is', async () => {
    await writeFile(join(folder, 'there.tgz'), 'mine');
    const refused = await kthena(['bug-report', '--file', 'there.tgz']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('there.tgz is there already');
    expect((await kthena(['bug-report', '--file', 'report.zip'])).stderr).toContain('must end in .tgz');
    expect(await readdir(folder)).toEqual(['there.tgz']);
  });

  it('is not there, nor a part of it, where Ctrl-C stopped the work', async () => {
    let asked = false;
    await serveLogs(cluster, () => {
      asked = true;
      return 'begun\n'.repeat(200_000);
    });
    const { child, end } = startKthena(['bug-report'], { env: cluster.env, cwd: folder });
    await eventually('a log is read', async () => (asked ? true : undefined), 5);
    child.kill('SIGINT');
    const { code, stdout } = await end;
    await sleep(0);
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('tells that there is no such release', async () => {
    const { stderr, code } = await kthena(['bug-report', 'other']);
    expect(code).toBe(0);
    expect(stderr).toContain('there is no release other');
  });
});
