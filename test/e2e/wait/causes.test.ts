import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { clearReleases, eventually } from '../install/cluster-state.js';
import { routerPods, runKthena, startKthena, type RunningProgram } from '../install/program.js';
import { serveHttps, serveLogs } from './kubelet.js';

/** From the appearing of a cause to its explanation in the output. */
const SOON_MS = 5_000;

/** Leaves the router's pod as a kubelet has it at first, so that the test can go on from there. */
const CREATING = routerPods('test.kthena/waiting-reason', 'ContainerCreating');
const CONTAINER = { name: 'kthena-router', image: 'x', imageID: '', ready: false, started: false, restartCount: 0 };

let cluster: ControlPlane;
let namespace: string;
let count = 0;

beforeAll(async () => {
  cluster = await startControlPlane();
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  await clearReleases(cluster);
  namespace = `cause-${++count}`;
  await create('/api/v1/namespaces', { metadata: { name: namespace } });
});

async function create(path: string, object: unknown): Promise<void> {
  const { status, body } = await cluster.request('POST', path, object);
  if (status !== 201) throw new Error(`POST ${path}: ${status} ${JSON.stringify(body)}`);
}

/** Begins a command that waits for the router alone; it is ended with the test. */
/** The checks before an install see it at once, and would not let it come to the wait. */
const UNCHECKED = '--skip-checks=namespace';

function begin(command: 'install' | 'upgrade', ...flags: string[]): RunningProgram {
  const args = [command, '-n', namespace, '--timeout', '90s', '--set', 'workload.enabled=false', ...flags];
  const running = startKthena(args, { env: cluster.env });
  onTestFinished(async () => {
    running.child.kill('SIGKILL');
    await running.end;
  });
  return running;
}

/** The explanation is in what the command says within 5 s from now, and in `kthena status`. */
async function isExplained(running: RunningProgram, explanation: RegExp): Promise<void> {
  const start = performance.now();
  await eventually(`${explanation.source} in:\n${running.progress()}`, () =>
    explanation.test(running.progress()) ? true : undefined,
  );
  expect(performance.now() - start).toBeLessThan(SOON_MS);
  const { stdout } = await runKthena(['status', '-n', namespace], { env: cluster.env });
  expect(stdout).toContain('Why not everything is ready:');
  expect(stdout).toMatch(explanation);
}

interface Pod {
  metadata: { name: string; uid: string };
  status: { podIP?: string };
}

/** The router's pod, once kwok has left it. */
function routerPod(): Promise<Pod> {
  return eventually("the router's pod", async () => {
    const { body } = await cluster.request('GET', `/api/v1/namespaces/${namespace}/pods`);
    return (body as { items: Pod[] }).items.find(({ status }) => status.podIP !== undefined);
  });
}

/** As the kubelet would report the only container. */
async function report(state: object, more: object = {}): Promise<void> {
  const { metadata } = await routerPod();
  const path = `/api/v1/namespaces/${namespace}/pods/${metadata.name}/status`;
  const containerStatuses = [{ ...CONTAINER, ...more, state }];
  const { status } = await cluster.request('PATCH', path, { status: { phase: 'Running', containerStatuses } });
  expect(status).toBe(200);
}

async function warn(reason: string, message: string): Promise<void> {
  const { name, uid } = (await routerPod()).metadata;
  await create(`/api/v1/namespaces/${namespace}/events`, {
    metadata: { name: `${name}.${reason.toLowerCase()}`, namespace },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name, namespace, uid },
    type: 'Warning',
    reason,
    message,
    lastTimestamp: new Date().toISOString(),
  });
}

describe('what may still come is told while install and upgrade wait', () => {
  it.each(['ErrImagePull', 'ImagePullBackOff'])("%s with the registry's message", async (reason) => {
    const message = 'failed to resolve reference "ghcr.io/volcano-sh/kthena-router:v9": not found';
    const running = begin('install', ...CREATING);
    await routerPod();
    await report({ waiting: { reason, message } });
    await isExplained(running, new RegExp(`kthena-router:? ${reason}: container "kthena-router": ${message}`));
  });

  it("the registry's message where only an event has it", async () => {
    const message = 'Failed to pull image "x": rpc error: code = NotFound desc = v9: not found';
    const running = begin('install', ...CREATING);
    await routerPod();
    await report({ waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "x"' } });
    await warn('Failed', message);
    await isExplained(running, new RegExp(message));
  });

  it('a crash with its exit code and the last lines of the log', async () => {
    const asked: URL[] = [];
    await serveLogs(cluster, (url) => {
      asked.push(url);
      return 'starting\nconnecting to redis://:marked-secret@redis:6379\nfatal: cannot reach Redis\n';
    });
    const running = begin('install', ...CREATING);
    await routerPod();
    const lastState = { terminated: { exitCode: 3, reason: 'Error', containerID: 'containerd://1' } };
    const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container' };
    await report({ waiting }, { restartCount: 2, lastState });
    await isExplained(
      running,
      /CrashLoopBackOff: container "kthena-router" exited with code 3, restarted 2 times: starting \| connecting to .* \| fatal: cannot reach Redis/,
    );
    expect(running.progress()).not.toContain('marked-secret');
    expect(asked[0]?.pathname).toMatch(new RegExp(`^/containerLogs/${namespace}/kthena-router-.*/kthena-router$`));
    expect(Object.fromEntries(asked[0]!.searchParams)).toMatchObject({ previous: 'true', tailLines: '40' });
  });

  it('a crash where the log cannot be read', async () => {
    const running = begin('install', ...CREATING);
    await routerPod();
    const lastState = { terminated: { exitCode: 4, reason: 'Error', containerID: 'containerd://1' } };
    await report({ waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } }, { restartCount: 1, lastState });
    await isExplained(running, /CrashLoopBackOff: container "kthena-router" exited with code 4, restarted once \(pod/);
  });

  it("a pod that fits no node, in the scheduler's words", async () => {
    const running = begin('install', '--set', 'networking.kthenaRouter.nodeSelector.gpu=h100');
    await eventually('the wait', () => (running.progress().includes('Waiting for') ? true : undefined));
    await isExplained(running, /Unschedulable: 0\/2 nodes are available: .*node affinity\/selector/);
  });

  it.each([
    'secret "redis-secret" not found',
    'configmap "redis-config" not found',
    "couldn't find key password in Secret kthena/redis-secret",
    "couldn't find key REDIS_HOST in ConfigMap kthena/redis-config",
  ])('what a container is to be made of: %s', async (message) => {
    const running = begin('install', ...CREATING);
    await routerPod();
    await report({ waiting: { reason: 'CreateContainerConfigError', message } });
    await isExplained(running, new RegExp(`CreateContainerConfigError: container "kthena-router": ${message}`));
  });

  it('a volume whose Secret is missing, of which an event alone tells', async () => {
    const running = begin('install', ...CREATING);
    await routerPod();
    await eventually('the first explanation', () => (running.progress().includes('Pending: ') ? true : undefined));
    await warn('FailedMount', 'MountVolume.SetUp failed for volume "tls" : secret "router-tls" not found');
    await isExplained(
      running,
      /FailedMount: MountVolume.SetUp failed for volume "tls" : secret "router-tls" not found/,
    );
  });

  it('a probe that fails', async () => {
    const running = begin('install', ...CREATING);
    await routerPod();
    await report({ running: { startedAt: new Date().toISOString() } }, { started: true });
    await eventually('the first explanation', () =>
      running.progress().includes('ContainerNotReady: ') ? true : undefined,
    );
    await warn('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503');
    await isExplained(running, /Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503/);
  });

  it('the same in an upgrade', async () => {
    const { code } = await runKthena(['install', '-n', namespace, '--set', 'workload.enabled=false'], {
      env: cluster.env,
    });
    expect(code).toBe(0);
    const message = 'unauthorized: authentication required';
    const running = begin(
      'upgrade',
      ...routerPods('test.kthena/waiting-reason', 'ErrImagePull'),
      ...routerPods('test.kthena/waiting-message', message),
    );
    await eventually('the wait', () => (running.progress().includes('Waiting for') ? true : undefined));
    await isExplained(running, new RegExp(`ErrImagePull: container "kthena-router": ${message}`));
  });

  it('a webhook that does not answer', async () => {
    await refusePods('https://127.0.0.1:9/');
    const running = begin('install');
    await eventually('the wait', () => (running.progress().includes('Waiting for') ? true : undefined));
    await isExplained(running, /FailedCreate: .*failed calling webhook "pods.example.com": .*connection refused/);
  });
});

describe('what cannot get better by itself ends the install early', () => {
  /** The explanation comes within 5 s while waiting, `status` gives it, and the command ends by itself. */
  async function failsEarly(running: RunningProgram, explanation: RegExp): Promise<void> {
    await eventually('the wait', () => (running.progress().includes('Waiting for') ? true : undefined));
    const start = performance.now();
    await isExplained(running, explanation);
    const { code, stderr } = await running.end;
    expect(performance.now() - start).toBeLessThan(15_000);
    expect(code).toBe(1);
    const [, error] = stderr.split('Error: some objects cannot become ready by themselves');
    expect(error).toMatch(explanation);
  }

  it("an image's name that does not parse", async () => {
    const running = begin('install', ...routerPods('test.kthena/waiting-reason', 'InvalidImageName'));
    await failsEarly(running, /InvalidImageName: container "kthena-router": made to fail/);
  });

  it('a quota', async () => {
    const path = `/api/v1/namespaces/${namespace}/resourcequotas`;
    await create(path, { metadata: { name: 'none' }, spec: { hard: { pods: '0' } } });
    await eventually('the quota is counted', async () => {
      const { body } = await cluster.request('GET', `${path}/none`);
      return (body as { status: { hard?: object } }).status.hard;
    });
    await failsEarly(
      begin('install', UNCHECKED),
      /FailedCreate: .*is forbidden: exceeded quota: none, requested: pods=1/,
    );
  });

  it('pod security', async () => {
    await cluster.request('PATCH', `/api/v1/namespaces/${namespace}`, {
      metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
    await failsEarly(begin('install', UNCHECKED), /FailedCreate: .*violates PodSecurity "restricted:latest": /);
  });

  it('a webhook that refuses the pods', async () => {
    const port = await serveHttps(cluster, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { request: asked } = JSON.parse(Buffer.concat(chunks).toString()) as { request: { uid: string } };
        const status = { message: 'image is not signed', code: 403 };
        const verdict = { uid: asked.uid, allowed: false, status };
        response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: verdict }));
      });
    });
    await refusePods(`https://127.0.0.1:${port}/`);
    await failsEarly(
      begin('install'),
      /FailedCreate: admission webhook "pods.example.com" denied the request: image is not signed/,
    );
  });

  it('a progress deadline that has passed, with what the pods lack', async () => {
    const running = begin('install', ...CREATING);
    await routerPod();
    await report({ waiting: { reason: 'ErrImagePull', message: 'not found' } });
    await cluster.request('PATCH', `/apis/apps/v1/namespaces/${namespace}/deployments/kthena-router`, {
      spec: { progressDeadlineSeconds: 2 },
    });
    const { code, stderr } = await running.end;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /cannot become ready by themselves\n.*kthena-router: ReplicaSet ".*" has timed out progressing\.\n.*ErrImagePull: .*not found/,
    );
  });
});

/** Lets a webhook decide on the pods of this test's namespace, once the API server has taken it up. */
async function refusePods(url: string): Promise<void> {
  const name = `pods-of-${namespace}`;
  const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
  await create(path, {
    metadata: { name },
    webhooks: [
      {
        name: 'pods.example.com',
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        clientConfig: { url, caBundle: (await readFile(cluster.caFile)).toString('base64') },
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        rules: [rule],
      },
    ],
  });
  onTestFinished(async () => void (await cluster.request('DELETE', `${path}/${name}`)));
  const pod = { metadata: { name: 'probe' }, spec: { containers: [{ name: 'a', image: 'a' }] } };
  await eventually(
    'the webhook is called',
    async () => {
      const { status } = await cluster.request('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, pod);
      return status === 201 ? undefined : true;
    },
    100,
  );
}
