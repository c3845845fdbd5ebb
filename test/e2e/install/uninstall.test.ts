import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toCaBundle } from '../../../src/certs/bundle.js';
import { secretData } from '../../../src/certs/secret.js';
import { formatRef, refOf, type KubeObject } from '../../../src/kube/object.js';
import type { CommandResult } from '../../cluster/index.mjs';
import { signedByCa } from '../certs/key-pairs.js';
import { startAuditedControlPlane, type AuditedCluster } from './audit.js';
import {
  CERTIFICATE_SECRETS,
  clearReleases,
  create,
  crdNames,
  get,
  objectsOfRelease,
  settledVersionsIn,
  versionsIn,
} from './cluster-state.js';
import { CUSTOM_RESOURCES } from './custom-resources.js';
import { goldenObjects } from './golden.js';
import { hasLine, mustRun, runKthena } from './program.js';

const NO_WEBHOOKS = [
  '--set',
  'networking.kthenaRouter.webhook.enabled=false,workload.controllerManager.webhook.enabled=false',
];
/** No pods: a namespace with pods takes long to go. */
const NO_PODS = ['--no-wait', '--set', 'networking.kthenaRouter.replicas=0,workload.controllerManager.replicas=0'];

let cluster: AuditedCluster;
/** Each test has a namespace of its own, which the install creates unless the test does. */
let namespace: string;
let count = 0;

const kthena = (command: string, ...args: string[]): Promise<CommandResult> =>
  runKthena([command, '-n', namespace, ...args], { env: cluster.env });
const must = (command: string, ...args: string[]): Promise<CommandResult> =>
  mustRun([command, '-n', namespace, ...args], { env: cluster.env });

beforeAll(async () => {
  cluster = await startAuditedControlPlane();
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  await clearReleases(cluster);
  namespace = `removed-${++count}`;
});

const createNamespace = (): Promise<void> => create(cluster, '/api/v1/namespaces', { metadata: { name: namespace } });
const createInNamespace = (plural: string, name: string): Promise<void> =>
  create(cluster, `/api/v1/namespaces/${namespace}/${plural}`, { metadata: { name } });

async function createCustomResources(): Promise<void> {
  const { stderr, code } = await cluster.kubectl(['create', '-n', namespace, '-f', '-'], { input: CUSTOM_RESOURCES });
  if (code !== 0) throw new Error(stderr);
}

/** Stands in for what the components do when they start and find none. */
async function createRuntimeSecrets(): Promise<void> {
  for (const name of CERTIFICATE_SECRETS) {
    await cluster.request('DELETE', `/api/v1/namespaces/${namespace}/secrets/${name}`);
    await createInNamespace('secrets', name);
  }
}

async function secretNames(): Promise<string[]> {
  const { body } = await cluster.request('GET', `/api/v1/namespaces/${namespace}/secrets`);
  return (body as { items: KubeObject[] }).items.map(({ metadata }) => metadata.name).sort();
}

async function revisions(): Promise<unknown> {
  const { stdout } = await cluster.helm3(['history', 'kthena', '-n', namespace, '-o', 'json']);
  return JSON.parse(stdout);
}

describe('kthena uninstall', () => {
  it('deletes what the release has, and leaves CRDs and custom resources, which it counts', async () => {
    await must('install', '--no-wait', ...NO_WEBHOOKS);
    await createCustomResources();
    const { stdout } = await must('uninstall');

    expect((await objectsOfRelease(cluster, 'kthena', namespace)).size).toBe(0);
    expect(await secretNames()).toEqual([]);
    expect(await crdNames(cluster)).toHaveLength(5);
    for (const [crd, group, kind, count] of [
      ['modelservings', 'workload', 'ModelServing', 1],
      ['modelservers', 'networking', 'ModelServer', 2],
      ['modelroutes', 'networking', 'ModelRoute', 1],
      ['autoscalingpolicies', 'workload', 'AutoscalingPolicy', 0],
    ] as const) {
      expect(stdout).toContain(
        `${crd}.${group}.serving.volcano.sh (${count} ${kind} ${count === 1 ? 'resource' : 'resources'})`,
      );
      const path = `/apis/${group}.serving.volcano.sh/v1alpha1/namespaces/${namespace}/${crd}`;
      expect((await cluster.request('GET', path)).body.items, kind).toHaveLength(count);
    }
    expect(stdout).toContain('kthena crds delete');
  });

  it('deletes the webhook configurations before all else, and the record last', async () => {
    await must('install', '--no-wait');
    await cluster.writes();
    const { stderr } = await must('uninstall');
    const deletions = (await cluster.writes()).filter(
      (write) => write.startsWith('delete ') && !write.includes('/leases/'),
    );
    expect(deletions).toHaveLength(goldenObjects('default').length + CERTIFICATE_SECRETS.length + 1);
    expect(deletions.slice(0, 3).every((path) => path.includes('webhookconfigurations/'))).toBe(true);
    expect(deletions.slice(3).some((path) => path.includes('webhookconfigurations/'))).toBe(false);
    expect(deletions.at(-1)).toMatch(/secrets\/sh\.helm\.release\.v1\.kthena\.v1$/);
    for (const object of goldenObjects('default')) {
      const name = formatRef(refOf(object)).replace('/kthena-system/', `/${namespace}/`);
      expect(hasLine(stderr, name, 'deleted'), name).toBe(true);
    }
  });

  it('deletes the certificates that the components made for themselves', async () => {
    await must('install', '--no-wait');
    await createRuntimeSecrets();
    await must('uninstall');
    expect(await secretNames()).toEqual([]);
  });

  it("leaves the user's own certificates in mode manual", async () => {
    const services = CERTIFICATE_SECRETS.map((name) => name.replace('-certs', `.${namespace}.svc`));
    const pair = await signedByCa(services);
    const caBundle = toCaBundle(pair.ca);
    await createNamespace();
    for (const name of CERTIFICATE_SECRETS)
      await create(cluster, `/api/v1/namespaces/${namespace}/secrets`, { metadata: { name }, data: secretData(pair) });
    await must('install', '--no-wait', '--set', `global.certManagementMode=manual,global.webhook.caBundle=${caBundle}`);
    await must('uninstall');
    expect(await secretNames()).toEqual(CERTIFICATE_SECRETS);
  });

  it('leaves what other releases and other people have', async () => {
    await must('install', '--no-wait');
    await createInNamespace('configmaps', 'somebody-elses');
    const taken = `/api/v1/namespaces/${namespace}/configmaps/kthena-router-config`;
    const annotations = { 'meta.helm.sh/release-name': 'other' };
    await cluster.request('PATCH', taken, { metadata: { annotations } });
    const { stdout } = await must('uninstall');
    expect(stdout).toContain(
      `Kept ConfigMap/${namespace}/kthena-router-config: it belongs to release other in namespace ${namespace}`,
    );
    expect(await get(cluster, taken)).toBeDefined();
    expect(await get(cluster, `/api/v1/namespaces/${namespace}/configmaps/somebody-elses`)).toBeDefined();
  });

  it('names with --dry-run all it would delete, and deletes nothing', async () => {
    await must('install');
    await createRuntimeSecrets();
    const before = await settledVersionsIn(cluster);
    await cluster.writes();
    const { stdout, stderr } = await must('uninstall', '--dry-run');
    expect(await cluster.writes()).toEqual([]);
    expect(await versionsIn(cluster)).toEqual(before);
    expect(stdout).toContain('nothing was deleted');
    const objects = (await objectsOfRelease(cluster, 'kthena', namespace)).keys();
    for (const name of [...objects, ...CERTIFICATE_SECRETS.map((secret) => `Secret/${namespace}/${secret}`)]) {
      expect(stdout).toContain(`  ${name}\n`);
    }
    expect(stderr, 'says that something was deleted').not.toMatch(/\bdeleted\b/);

    const json = JSON.parse((await must('uninstall', '--dry-run', '-o', 'json')).stdout) as { objects: unknown[] };
    expect(json).toMatchObject({ name: 'kthena', namespace, outcome: 'dry-run' });
    expect(json.objects).toHaveLength(goldenObjects('default').length + CERTIFICATE_SECRETS.length);
  });

  it('keeps the record with --keep-history; the next install is revision 2', async () => {
    await must('install', '--no-wait');
    const { stdout } = await must('uninstall', '--keep-history', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ name: 'kthena', namespace, outcome: 'uninstalled' });
    expect(await revisions()).toMatchObject([
      { revision: 1, status: 'uninstalled', description: 'Uninstall complete' },
    ]);
    expect((await must('status')).stdout).toMatch(/^Status: +uninstalled: Uninstall complete$/m);
    expect((await kthena('uninstall', '--keep-history')).stderr).toContain('already uninstalled');

    await must('install', '--no-wait');
    expect(await revisions()).toMatchObject([
      { revision: 1, status: 'uninstalled' },
      { revision: 2, status: 'deployed' },
    ]);
    await must('uninstall');
    expect(await secretNames()).toEqual([]);
  });

  it('says so when there is nothing to uninstall', async () => {
    await must('install', '--no-wait');
    await must('uninstall', '--wait');
    const again = await kthena('uninstall');
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toMatch(/^Error: release kthena is not found in namespace removed-\d+$/m);
    expect((await must('uninstall', '--ignore-not-found')).stdout).toContain('nothing to do');
    const json = await must('uninstall', '--ignore-not-found', '-o', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ outcome: 'not-found' });
  });
});

describe('kthena uninstall --delete-namespace', () => {
  const live = (): Promise<KubeObject | undefined> => get(cluster, `/api/v1/namespaces/${namespace}`);

  it('deletes an empty namespace that the install created', async () => {
    await must('install', ...NO_PODS);
    const { stdout } = await must('uninstall', '--delete-namespace', '--wait');
    expect(stdout).toContain(`Namespace ${namespace} is deleted`);
    expect(await live()).toBeUndefined();
  });

  it('keeps one that was there before the install', async () => {
    await createNamespace();
    await must('install', ...NO_PODS);
    const { stdout } = await must('uninstall', '--delete-namespace');
    expect(stdout).toContain(`Namespace ${namespace} is kept: kthena install did not create it`);
    expect((await live())?.metadata.deletionTimestamp).toBeUndefined();
  });

  it("keeps one with somebody else's object in it, and names that", async () => {
    await must('install', ...NO_PODS);
    await createInNamespace('configmaps', 'precious');
    const { stdout } = await must('uninstall', '--delete-namespace');
    expect(stdout).toContain(`Namespace ${namespace} is kept: it is not empty: ConfigMap/${namespace}/precious`);
    expect((await live())?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('keeps one with custom resources in it, which the CRDs would keep too', async () => {
    await must('install', ...NO_PODS, ...NO_WEBHOOKS);
    await createCustomResources();
    const { stdout } = await must('uninstall', '--delete-namespace');
    expect(stdout).toMatch(/is kept: it is not empty: .*ModelServing\//);
    expect((await live())?.metadata.deletionTimestamp).toBeUndefined();
  });
});
