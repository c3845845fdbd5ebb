import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import type { CommandResult } from '../../cluster/index.mjs';
import { startAuditedControlPlane, type AuditedCluster } from '../install/audit.js';
import { create, eventually, get } from '../install/cluster-state.js';
import { mustRun, runKthena } from '../install/program.js';

const NAMESPACE = 'kthena-system';
const ROUTER = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/kthena-router`;
const SERVICE = `/api/v1/namespaces/${NAMESPACE}/services/kthena-router`;

interface DeploymentSpec {
  replicas: number;
  template: { spec: { containers: { image: string; env?: { name: string }[] }[] } };
}

let cluster: AuditedCluster;
const kthena = (...args: string[]): Promise<CommandResult> => runKthena(args, { env: cluster.env });
const must = (...args: string[]): Promise<CommandResult> => mustRun(args, { env: cluster.env });

beforeAll(async () => {
  cluster = await startAuditedControlPlane();
  await must('install', '--no-wait');
});
afterAll(() => cluster.stop());

/** As a person at a terminal. */
async function kubectl(...args: string[]): Promise<void> {
  const { code, stderr } = await cluster.kubectl([...args, '-n', NAMESPACE]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
}

async function live(path: string): Promise<KubeObject> {
  return (await get(cluster, path)) as KubeObject;
}

async function routerSpec(): Promise<DeploymentSpec> {
  return (await live(ROUTER))['spec'] as DeploymentSpec;
}

/** An upgrade, which must not write anything. */
async function refused(...flags: string[]): Promise<string> {
  await cluster.writes();
  const { code, stdout, stderr } = await kthena('upgrade', '--no-wait', ...flags);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('Error: the cluster does not take this upgrade; nothing was written');
  expect(stderr).toContain('--force-conflicts');
  expect(await cluster.writes()).toEqual([]);
  return stderr;
}

const forced = (): Promise<CommandResult> => must('upgrade', '--no-wait', '--force-conflicts');

describe('a field that somebody else changed', () => {
  const original = 'ghcr.io/volcano-sh/kthena-router:v1.0.0';

  it.each([
    {
      by: 'kubectl set image',
      manager: 'kubectl-set',
      change: ['set', 'image', 'deployment/kthena-router', 'kthena-router=example.com/router:mine'],
      says: `Deployment/${NAMESPACE}/kthena-router: .spec.template.spec.containers[name="kthena-router"].image belongs to kubectl-set: "example.com/router:mine" would become "${original}"`,
    },
    {
      by: 'kubectl patch',
      manager: 'kubectl-patch',
      change: ['patch', 'service', 'kthena-router', '--type=merge', '-p', '{"spec":{"type":"NodePort"}}'],
      says: `Service/${NAMESPACE}/kthena-router: .spec.type belongs to kubectl-patch: "NodePort" would become "LoadBalancer"`,
    },
    {
      by: 'kubectl label',
      manager: 'kubectl-label',
      change: ['label', '--overwrite', 'serviceaccount', 'kthena-router', 'app.kubernetes.io/version=mine'],
      says: `ServiceAccount/${NAMESPACE}/kthena-router: .metadata.labels.app.kubernetes.io/version belongs to kubectl-label: "mine" would become "1.0.0"`,
    },
  ])(
    'by $by is named with its manager and both values, and taken over only by force',
    async ({ change, says, manager }) => {
      await kubectl(...change);
      const { code, stdout } = await kthena('diff', '--exit-code');
      expect(code).toBe(2);
      expect(stdout).toContain(says);
      const plan = JSON.parse((await must('diff', '-o', 'json')).stdout) as Record<string, unknown>;
      expect(plan).toMatchObject({ summary: { update: 1 }, obstacles: [{ kind: 'conflict', message: says }] });
      expect(JSON.stringify(plan)).toContain(`"manager":"${manager}"`);
      expect(await refused()).toContain(says);

      const { stdout: done } = await forced();
      expect(done).toMatch(/^Objects: 1 configured, \d+ unchanged\.$/m);
      expect((await kthena('diff', '--exit-code')).code).toBe(0);
    },
  );

  it('by kubectl edit too', async () => {
    const env = {
      ...cluster.env,
      KUBE_EDITOR: 'sed -i "s/terminationGracePeriodSeconds: .*/terminationGracePeriodSeconds: 7/"',
    };
    await promisify(execFile)('kubectl', ['edit', 'deployment', 'kthena-router', '-n', NAMESPACE], { env });
    expect(await refused()).toMatch(/terminationGracePeriodSeconds belongs to kubectl-edit: 7 would become 330$/m);
    await forced();
  });

  it('and several of them are named at once', async () => {
    await kubectl('set', 'image', 'deployment', '--all', '*=example.com/any:mine');
    await kubectl(
      'patch',
      'configmap',
      'kthena-router-config',
      '--type=merge',
      '-p',
      '{"data":{"routerConfiguration":"x"}}',
    );
    const stderr = await refused();
    expect(stderr.match(/ belongs to kubectl-\w+: .* would become /g)).toHaveLength(3);
    await forced();
    expect((await routerSpec()).template.spec.containers[0]!.image).toBe(original);
  });

  it('is not a conflict where it has the value that the user sets now', async () => {
    await kubectl('set', 'image', 'deployment/kthena-router', 'kthena-router=ghcr.io/volcano-sh/kthena-router:v1.0.9');
    const { stdout } = await must('upgrade', '--no-wait', '--set', 'networking.kthenaRouter.image.tag=v1.0.9');
    expect(stdout).toContain('is upgraded');
    await must('upgrade', '--no-wait', '--reset-values', '--force-conflicts');
  });
});

describe('what somebody else added', () => {
  it('is no noise, and stays', async () => {
    await kubectl('label', 'deployment', 'kthena-router', 'team=serving');
    await kubectl('annotate', 'service', 'kthena-router', 'example.com/note=ours');
    await kubectl('set', 'env', 'deployment/kthena-router', 'EXTRA=1');
    await kubectl(
      'patch',
      'clusterrole',
      'kthena-router',
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":["example.com/hold"]}}',
    );
    const webhook =
      '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/kthena-router-validating-webhook';
    await cluster.request('PATCH', `${webhook}?fieldManager=kthena-router`, withCaBundle(await live(webhook)));

    expect((await kthena('diff', '--exit-code')).code).toBe(0);
    expect((await must('upgrade', '--no-wait')).stdout).toContain('nothing changes');
    await must('upgrade', '--no-wait', '--set', 'networking.kthenaRouter.podLabels.color=blue');
    expect((await live(ROUTER)).metadata.labels).toMatchObject({ team: 'serving' });
    expect((await live(SERVICE)).metadata.annotations).toMatchObject({ 'example.com/note': 'ours' });
    expect((await routerSpec()).template.spec.containers[0]!.env).toContainEqual({ name: 'EXTRA', value: '1' });
    expect(JSON.stringify((await live(webhook))['webhooks'])).toContain('"caBundle":"Q0E="');
    await kubectl('patch', 'clusterrole', 'kthena-router', '--type=merge', '-p', '{"metadata":{"finalizers":null}}');
  });

  function withCaBundle({ webhooks }: KubeObject): unknown {
    const hooks = webhooks as { clientConfig: object }[];
    return { webhooks: hooks.map((hook) => ({ ...hook, clientConfig: { ...hook.clientConfig, caBundle: 'Q0E=' } })) };
  }
});

describe('an object that somebody deleted', () => {
  it('is created again, and the plan says so', async () => {
    await kubectl('delete', 'service', 'kthena-router');
    await kubectl('delete', 'configmap', 'kthena-router-config');
    const { stdout } = await kthena('diff');
    expect(stdout).toContain(`create Service/${NAMESPACE}/kthena-router`);
    expect(stdout).toMatch(/^Plan: 2 to create, \d+ unchanged\.$/m);
    expect((await must('upgrade', '--no-wait')).stdout).toMatch(/^Objects: 2 created, \d+ unchanged\.$/m);
    expect((await live(SERVICE)).metadata.name).toBe('kthena-router');
  });
});

describe('a number of replicas', () => {
  const replicas = (count: number): string[] => ['--set', `networking.kthenaRouter.replicas=${count}`];
  const scale = (count: number): Promise<void> => kubectl('scale', 'deployment/kthena-router', `--replicas=${count}`);

  it('that kubectl scale set stays and is said, while the value is as it was', async () => {
    await scale(3);
    const diff = await kthena('diff', '--exit-code');
    expect(diff.code).toBe(0);
    expect(diff.stdout).toMatch(/left as kubectl \(scale\) set it: \.spec\.replicas: 3 \(the values say 1\)/);
    const { stdout } = await must('upgrade', '--no-wait');
    expect(stdout).toContain('nothing changes');
    expect(stdout).toMatch(/Note: Deployment\/kthena-router: \.spec\.replicas stays 3, .*; the values say 1\./);
    expect((await routerSpec()).replicas).toBe(3);
  });

  it('stays also where other fields of the object change', async () => {
    const { stdout } = await must('upgrade', '--no-wait', '--set', 'networking.kthenaRouter.podLabels.color=green');
    expect(stdout).toContain('.spec.replicas stays 3');
    expect((await routerSpec()).replicas).toBe(3);
  });

  it('is a conflict once the value has changed, and the value goes by force', async () => {
    const stderr = await refused(...replicas(2));
    expect(stderr).toMatch(/kthena-router: \.spec\.replicas belongs to kubectl \(scale\): 3 would become 2$/m);
    await must('upgrade', '--no-wait', '--force-conflicts', ...replicas(2));
    expect((await routerSpec()).replicas).toBe(2);
    await must('upgrade', '--no-wait', ...replicas(1));
    expect((await routerSpec()).replicas).toBe(1);
  });

  it('stays as well with --force-conflicts, while the value is as it was', async () => {
    await scale(4);
    const { stdout } = await must('upgrade', '--no-wait', '--force-conflicts');
    expect(stdout).toContain('.spec.replicas stays 4');
    expect((await routerSpec()).replicas).toBe(4);
    await must('upgrade', '--no-wait', '--force-conflicts', ...replicas(2));
  });

  it('stays where the value is removed with null, whoever set it, for somebody else to scale', async () => {
    const removed = ['--set', 'networking.kthenaRouter.replicas=null'];
    expect((await kthena('diff', '--exit-code', ...removed)).code).toBe(0);
    await must('upgrade', '--no-wait', ...removed);
    expect((await routerSpec()).replicas).toBe(2);
    await must('upgrade', '--no-wait', '--set', 'networking.kthenaRouter.podLabels.color=red');
    expect((await routerSpec()).replicas).toBe(2);
    await scale(3);
    expect((await must('upgrade', '--no-wait')).stdout).toContain('nothing changes');
    expect((await routerSpec()).replicas).toBe(3);
    await must('upgrade', '--no-wait', '--force-conflicts', ...replicas(2));
  });

  it('that an autoscaler set stays too', async () => {
    await create(cluster, `/apis/autoscaling/v2/namespaces/${NAMESPACE}/horizontalpodautoscalers`, {
      metadata: { name: 'router' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'kthena-router' },
        minReplicas: 5,
        maxReplicas: 6,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ],
      },
    });
    await eventually('the autoscaler acts', async () => ((await routerSpec()).replicas === 5 ? true : undefined), 50);
    const { stdout } = await must('upgrade', '--no-wait');
    expect(stdout).toMatch(/\.spec\.replicas stays 5, as kube-controller-manager \(scale\) set it; the values say 2\./);
    expect((await routerSpec()).replicas).toBe(5);
  });
});
