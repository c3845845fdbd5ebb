import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { formatRef, refOf } from '../../../src/kube/object.js';
import type { CommandResult } from '../../cluster/index.mjs';
import { startAuditedControlPlane, type AuditedCluster } from './audit.js';
import {
  CERTIFICATE_SECRETS,
  clearReleases,
  create,
  eventually,
  get,
  settledVersionsIn,
  versionsIn,
} from './cluster-state.js';
import { goldenObjects, shippedCrds } from './golden.js';
import { mustRun, runKthena } from './program.js';

let cluster: AuditedCluster;
/** The cluster before each test; none may change it. */
let before: Record<string, unknown>;

const kthena = (...args: string[]): Promise<CommandResult> => runKthena(args, { env: cluster.env });
const must = (...args: string[]): Promise<CommandResult> => mustRun(args, { env: cluster.env });

/** Sets a scene; what is there then is what must stay. */
async function scene(...commands: string[][]): Promise<void> {
  for (const command of commands) await kubectl(command);
  before = await settledVersionsIn(cluster);
}

async function kubectl(args: string[], input?: string): Promise<void> {
  const { stderr, code } = await cluster.kubectl(args, input === undefined ? {} : { input });
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
}

/** Expects an install that is refused with these words before its first write. */
async function expectRefusal(
  args: string[],
  words: (string | RegExp)[],
  kubeconfig = cluster.kubeconfig,
): Promise<string> {
  const { code, stdout, stderr } = await runKthena(['install', ...args], {
    env: { ...cluster.env, KUBECONFIG: kubeconfig },
  });
  expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' });
  for (const word of words) expect(stderr).toMatch(word);
  expect(stderr, 'shows a stack trace').not.toMatch(/^\s+at .*[:)]/m);
  return stderr;
}

beforeAll(async () => {
  cluster = await startAuditedControlPlane();
});
afterAll(() => cluster.stop());

afterEach(async () => {
  expect(await cluster.writes(), 'requests that are no dry run').toEqual([]);
  expect(await versionsIn(cluster)).toEqual(before);
});

describe('kthena install --dry-run', () => {
  const names = (): string[] => [
    ...[...shippedCrds(), ...goldenObjects('default')].map((object) => formatRef(refOf(object))),
    ...CERTIFICATE_SECRETS.map((name) => `Secret/kthena-system/${name}`),
  ];

  it('names all it would create, and what cannot be tried before the namespace exists', async () => {
    await scene();
    const { stdout } = await must('install', '--dry-run');
    expect(stdout).toContain('nothing was stored');
    expect(stdout).toContain('  Namespace/kthena-system would be created\n');
    for (const name of names()) {
      const untried =
        name.includes('/kthena-system/') && !name.endsWith('-webhook-certs')
          ? ' (not tried: its namespace does not exist yet)'
          : '';
      expect(stdout).toContain(`  ${name} would be created${untried}\n`);
    }
    expect(stdout.split('would be created')).toHaveLength(1 + 1 + names().length);
  });

  it('tries everything where the namespace exists, and gives JSON', async () => {
    await scene(['create', 'namespace', 'kthena-system']);
    const { stdout } = await must('install', '--dry-run', '-o', 'json');
    const document = JSON.parse(stdout) as { changes: { kind: string; namespace?: string; name: string }[] };
    expect(document).toMatchObject({ name: 'kthena', namespace: 'kthena-system', outcome: 'dry-run', revision: 1 });
    const changes = document.changes.map(({ kind, namespace, name }) =>
      [kind, namespace, name].filter(Boolean).join('/'),
    );
    expect(changes.sort()).toEqual(names().sort());
    expect(stdout).not.toContain('waitsFor');
  });

  it('tells what the server says against an object', async () => {
    await scene();
    const flags = ['-n', 'default', '--set', 'networking.kthenaRouter.resource.requests.cpu=600m'];
    const words = [/Deployment\/default\/kthena-router: /, /requests.*must be less than or equal to cpu limit/];
    await expectRefusal([...flags, '--dry-run'], words);
    await expectRefusal(flags, words);
  });

  it('shows no credential', async () => {
    await scene();
    const secret = ['--set', 'workload.controllerManager.downloader.secretKey=correct-horse'];
    const outputs = await Promise.all([
      must('install', '-n', 'default', '--dry-run', ...secret, '-o', 'yaml', '--debug'),
      must('install', '-n', 'default', '--dry-run=client', ...secret),
      must('install', '-n', 'default', '--dry-run=client', ...secret, '-o', 'json'),
    ]);
    for (const { stdout, stderr } of outputs) {
      expect(stdout + stderr).toContain('downloader-secrets');
      expect(stdout + stderr).not.toContain('correct-horse');
      expect(stdout + stderr).not.toContain(Buffer.from('correct-horse').toString('base64'));
    }
  });

  it('=client asks no cluster', async () => {
    await scene();
    const env = { ...cluster.env, KUBECONFIG: '/nowhere', HOME: '/nowhere' };
    const { stdout, stderr } = await mustRun(['install', '--dry-run=client'], { env });
    expect(stderr).toBe('');
    for (const { kind, metadata } of goldenObjects('default'))
      expect(stdout).toMatch(new RegExp(`^kind: ${kind}\nmetadata:\n  name: ${metadata.name}$`, 'm'));
  });
});

describe('kthena install is refused before the first write', () => {
  it('where the namespace is missing and may not be created', async () => {
    await scene();
    await expectRefusal(['-n', 'absent', '--create-namespace=false'], [/namespace absent does not exist/]);
  });

  it("where an object of that name is somebody else's, and tells the way on", async () => {
    await scene(
      ['create', 'clusterrole', 'kthena-router', '--verb=get', '--resource=pods'],
      ['create', 'configmap', 'kthena-router-config', '-n', 'default'],
    );
    const stderr = await expectRefusal(
      ['-n', 'default'],
      [/ClusterRole\/kthena-router: exists/, /ConfigMap\/default\/kthena-router-config: exists/, '--take-ownership'],
    );
    expect(stderr).not.toContain('kthena-controller-manager');
    await expectRefusal(['-n', 'default', '--dry-run'], [/ClusterRole\/kthena-router: exists/]);
    await clearReleases(cluster);
    await scene(['delete', 'configmap', 'kthena-router-config', '-n', 'default']);
  });

  it("where cert-manager is to make the certificates but is not there, naming what can't be made", async () => {
    await scene();
    await expectRefusal(
      ['-n', 'default', '--set', 'global.certManagementMode=cert-manager'],
      [
        /Certificate\/default\/kthena-router-webhook-cert: .*does not serve/,
        /Issuer\/default\//,
        /install cert-manager/,
      ],
    );
  });
});

describe('a user with some rights', () => {
  /** Gives a user every right in a namespace, and none outside. */
  async function namespaceAdmin(name: string, namespace: string): Promise<string> {
    const inNamespace = ['-n', namespace];
    await kubectl(['create', 'role', name, '--verb=*', '--resource=*.*', ...inNamespace]);
    await kubectl(['create', 'rolebinding', name, `--role=${name}`, `--user=${name}`, ...inNamespace]);
    return cluster.userKubeconfig({ name });
  }

  const clusterScoped = (): string[] =>
    [...shippedCrds(), ...goldenObjects('default')]
      .filter(({ metadata }) => metadata.namespace === undefined)
      .map((object) => formatRef(refOf(object)));

  it('is told all objects that may not be written, and of no others', async () => {
    await kubectl(['create', 'namespace', 'team']);
    const kubeconfig = await namespaceAdmin('dora', 'team');
    await scene();
    const stderr = await expectRefusal(['-n', 'team'], [/403.*User "dora" cannot/, /nothing was written/], kubeconfig);
    for (const name of clusterScoped()) expect(stderr).toContain(`${name}: `);
    expect(stderr).not.toMatch(/(Deployment|Service|ConfigMap|ServiceAccount)\/team\//);
  });

  it('who may read everything is told so too', async () => {
    await kubectl(['create', 'namespace', 'readers']);
    const kubeconfig = await namespaceAdmin('rita', 'readers');
    await kubectl(['create', 'clusterrole', 'reader', '--verb=get,list,watch', '--resource=*.*']);
    await kubectl(['create', 'clusterrolebinding', 'reader', '--clusterrole=reader', '--user=rita']);
    await scene();
    const stderr = await expectRefusal(
      ['-n', 'readers'],
      [/403.*User "rita" cannot/, /nothing was written/],
      kubeconfig,
    );
    for (const name of clusterScoped()) expect(stderr).toContain(`${name}: `);
    expect(stderr).not.toMatch(/(Deployment|Service|ConfigMap|ServiceAccount)\/readers\//);
  });

  it('who may write all objects but no release record', async () => {
    await kubectl(['create', 'namespace', 'unrecorded']);
    const resources =
      'serviceaccounts,configmaps,services,namespaces,deployments.apps,poddisruptionbudgets.policy,*.rbac.authorization.k8s.io,*.admissionregistration.k8s.io,*.apiextensions.k8s.io';
    await kubectl(['create', 'clusterrole', 'objects', '--verb=*', `--resource=${resources}`]);
    await kubectl(['create', 'clusterrolebinding', 'objects', '--clusterrole=objects', '--user=otto']);
    await scene();
    const kubeconfig = await cluster.userKubeconfig({ name: 'otto' });
    await expectRefusal(['-n', 'unrecorded'], [/403.*User "otto" cannot .*"secrets"/], kubeconfig);
  });

  it('as --kube-as-user is refused the same', async () => {
    await scene();
    await expectRefusal(['--kube-as-user', 'nobody'], [/403.*User "nobody" cannot/, /nothing was written/]);
    expect((await kthena('status', '--kube-as-user', 'nobody')).stderr).toMatch(/403.*User "nobody" cannot/);
  });
});

/** Comes last: what is being deleted here stays so. */
describe('kthena install is refused', () => {
  it('while the namespace is being deleted', async () => {
    const held = '/api/v1/namespaces/going/configmaps/held';
    await kubectl(['create', 'namespace', 'going']);
    const metadata = { name: 'held', finalizers: ['kthena.test/hold'] };
    await create(cluster, '/api/v1/namespaces/going/configmaps', { metadata });
    await kubectl(['delete', 'namespace', 'going', '--wait=false']);
    await eventually('the namespace controller is at work', async () => {
      return (await get(cluster, held))?.metadata.deletionTimestamp;
    });
    await scene();
    await expectRefusal(['-n', 'going'], [/namespace going is being deleted/, /-n/]);
  });

  it('while a CRD is being deleted', async () => {
    const crd = shippedCrds().find(({ metadata }) => metadata.name.startsWith('modelroutes.'))!;
    const name = `crd/${crd.metadata.name}`;
    await kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify(crd));
    await kubectl(['wait', '--for=condition=Established', name]);
    const route = {
      apiVersion: 'networking.serving.volcano.sh/v1alpha1',
      kind: 'ModelRoute',
      metadata: { name: 'held', finalizers: ['kthena.test/hold'] },
      spec: { modelName: 'llama', rules: [{ targetModels: [{ modelServerName: 'first' }] }] },
    };
    await kubectl(['create', '-f', '-'], JSON.stringify(route));
    await scene(['delete', name, '--wait=false']);
    await expectRefusal([], [`CustomResourceDefinition/${crd.metadata.name}`, /is being deleted/]);
  });
});
