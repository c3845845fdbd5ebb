import { describe, expect, it } from 'vitest';
import type { KubeClient } from '../../../src/kube/client.js';
import type { KubeObject } from '../../../src/kube/object.js';
import { explain } from '../../../src/wait/explain.js';
import { apply, cluster, deployment, eventually, testClient, wait } from './setup.js';

async function podsOf(client: KubeClient, namespace: string): Promise<KubeObject[]> {
  const pods: KubeObject[] = [];
  for await (const pod of client.list({ apiVersion: 'v1', kind: 'Pod', namespace })) pods.push(pod);
  return pods;
}

/** Replaces what kwok wrote for the only pod; a pod with an address is left alone by its stages. */
async function patchPodStatus(client: KubeClient, namespace: string, status: Record<string, unknown>): Promise<void> {
  const pod = await eventually(async () =>
    (await podsOf(client, namespace)).find((candidate) => (candidate.status as { podIP?: string }).podIP !== undefined),
  );
  const path = `/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}/status`;
  const answer = await cluster.request('PATCH', path, { status });
  expect(answer.status).toBe(200);
}

const waitingFor = (reason: string) => ({ annotations: { 'test.kthena/waiting-reason': reason } });

describe('a pod that finds no node', () => {
  it("is explained with the scheduler's words, during the wait and at its end", async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const nowhere = deployment(namespace, { pod: { nodeSelector: { 'example.com/gpu': 'h100' } } });
    const { result, events } = await wait(client, await apply(client, nowhere), { timeoutMs: 3_000 });
    const unschedulable = {
      reason: 'Unschedulable',
      message: expect.stringMatching(
        /^0\/2 nodes are available: .*node affinity\/selector.* \(pod router-\w+-\w+\)$/,
      ) as string,
      terminal: false,
    };
    expect(result.outcome).toBe('timeout');
    expect(result.notReady).toEqual([
      {
        ref: expect.objectContaining({ kind: 'Deployment', name: 'router' }) as unknown,
        status: { state: 'progressing', message: '0 of 1 replicas available' },
        problems: [unschedulable],
      },
    ]);
    expect(events.at(-1)?.problems).toEqual([unschedulable]);
  });
});

describe('what cannot get better by itself ends the wait early', () => {
  it('a quota', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    await apply(client, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'none', namespace },
      spec: { hard: { pods: '0' } },
    });
    await eventually(async () => {
      const quota = await client.get({ apiVersion: 'v1', kind: 'ResourceQuota', namespace, name: 'none' });
      return (quota?.status as { hard?: object } | undefined)?.hard;
    });
    const { result, elapsedMs } = await wait(client, await apply(client, deployment(namespace)));
    expect(result.outcome).toBe('failed');
    expect(elapsedMs).toBeLessThan(8_000);
    expect(result.notReady[0]?.problems).toEqual([
      {
        reason: 'FailedCreate',
        message: expect.stringMatching(/is forbidden: exceeded quota: none, requested: pods=1/) as string,
        terminal: true,
      },
    ]);
  });

  it('pod security', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    await cluster.request('PATCH', `/api/v1/namespaces/${namespace}`, {
      metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
    const { result } = await wait(client, await apply(client, deployment(namespace)));
    expect(result.outcome).toBe('failed');
    expect(result.notReady[0]?.problems[0]?.message).toMatch(/violates PodSecurity "restricted:latest"/);
  });

  it("an image's name that does not parse", async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const { result, elapsedMs } = await wait(
      client,
      await apply(client, deployment(namespace, waitingFor('InvalidImageName'))),
    );
    expect(result.outcome).toBe('failed');
    expect(elapsedMs).toBeLessThan(8_000);
    expect(result.notReady[0]?.problems).toMatchObject([{ reason: 'InvalidImageName', terminal: true }]);
  });

  it('an exceeded progress deadline, with what the pods lacked', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const stuck = deployment(namespace, { ...waitingFor('ErrImagePull'), spec: { progressDeadlineSeconds: 1 } });
    const { result } = await wait(client, await apply(client, stuck));
    expect(result.outcome).toBe('failed');
    expect(result.notReady[0]).toMatchObject({
      status: { state: 'failed', reason: 'ProgressDeadlineExceeded' },
      problems: [{ reason: 'ErrImagePull' }],
    });
  });

  it('but not a deadline that was exceeded before the wait: the pods may get what they lacked', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const stuck = deployment(namespace, {
      ...waitingFor('CreateContainerConfigError'),
      spec: { progressDeadlineSeconds: 1 },
    });
    const refs = await apply(client, stuck);
    await wait(client, refs);
    const waiting = wait(client, refs);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await patchPodStatus(client, namespace, {
      phase: 'Running',
      conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({ type, status: 'True' })),
      containerStatuses: [
        {
          name: 'router',
          image: 'x',
          imageID: '',
          ready: true,
          started: true,
          restartCount: 0,
          state: { running: {} },
        },
      ],
    });
    expect((await waiting).result.outcome).toBe('ready');
  });
});

describe('pods that fail', () => {
  it('are explained by their containers, as these change', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const waiting = wait(client, await apply(client, deployment(namespace, waitingFor('ErrImagePull'))), {
      timeoutMs: 6_000,
    });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await patchPodStatus(client, namespace, {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'router',
          image: 'registry.example/router:v1',
          imageID: '',
          ready: false,
          started: false,
          restartCount: 3,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' } },
          lastState: { terminated: { exitCode: 1, reason: 'Error', message: 'cannot listen on port 80' } },
        },
      ],
    });
    const { result, events } = await waiting;
    expect(result.outcome).toBe('timeout');
    expect(result.notReady[0]?.problems).toEqual([
      {
        reason: 'CrashLoopBackOff',
        message: expect.stringMatching(
          /^container "router" exited with code 1, restarted 3 times: cannot listen on port 80 \(pod router-/,
        ) as string,
        terminal: false,
      },
    ]);
    const told = events.flatMap(({ problems }) => problems).map(({ reason }) => reason);
    expect(told).toContain('ErrImagePull');
    expect(told.at(-1)).toBe('CrashLoopBackOff');
  });

  it('are explained by their Warning events too', async () => {
    const client = await testClient();
    const namespace = await cluster.newNamespace();
    const [ref] = await apply(client, deployment(namespace, waitingFor('ContainerCreating')));
    const pod = await eventually(async () =>
      (await podsOf(client, namespace)).find(({ spec }) => (spec as { nodeName?: string }).nodeName),
    );
    const { name, uid } = pod.metadata;
    const message = 'MountVolume.SetUp failed for volume "tls" : secret "router-tls" not found';
    for (const suffix of ['a', 'b']) {
      const event = {
        metadata: { name: `${name}.${suffix}`, namespace },
        involvedObject: { apiVersion: 'v1', kind: 'Pod', name, namespace, uid },
        type: 'Warning',
        reason: 'FailedMount',
        message,
        lastTimestamp: new Date().toISOString(),
      };
      expect((await cluster.request('POST', `/api/v1/namespaces/${namespace}/events`, event)).status).toBe(201);
    }
    const problems = await explain(client, (await client.get(ref!))!);
    expect(problems.map(({ reason }) => reason)).toEqual(['FailedMount', 'Pending']);
    expect(problems[0]?.message).toBe(message);
  });
});

describe('with few permissions', () => {
  it('waits and says as much as it may read', async () => {
    const namespace = await cluster.newNamespace();
    const admin = await testClient();
    const rule = { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'watch'] };
    await apply(
      admin,
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'watcher', namespace },
        rules: [rule],
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'watcher', namespace },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'watcher' },
        subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'watcher' }],
      },
    );
    const refs = await apply(admin, deployment(namespace, waitingFor('ErrImagePull')));
    const client = await testClient(await cluster.userKubeconfig({ name: 'watcher' }));
    const { result } = await wait(client, refs, { timeoutMs: 2_000 });
    expect(result.outcome).toBe('timeout');
    expect(result.notReady).toMatchObject([{ status: { message: '0 of 1 replicas available' }, problems: [] }]);
  });
});
