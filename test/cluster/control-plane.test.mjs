import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildControlPlane, startControlPlane, withControlPlane } from './index.mjs';
import { isAlive } from './lock.mjs';
import { run } from './run.mjs';

const MINUTES = 60_000;

/** @param {Record<string, string>} [annotations]  of its pods */
function deployment(annotations = {}) {
  const labels = { app: 'web' };
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec: { containers: [{ name: 'web', image: 'web' }] } },
    },
  });
}

beforeAll(async () => void (await buildControlPlane()), 30 * MINUTES);

describe('a control plane', () => {
  /** @type {import('./index.mjs').ControlPlane} */
  let cluster;
  beforeAll(async () => void (cluster = await startControlPlane()), MINUTES);
  afterAll(() => cluster?.stop());

  test('makes a Deployment available', async () => {
    const namespace = await cluster.newNamespace();
    const applied = await cluster.kubectl(['apply', '-n', namespace, '-f', '-'], { input: deployment() });
    expect(applied.stdout).toContain('deployment.apps/web created');
    const waited = await cluster.kubectl(['rollout', 'status', 'deployment/web', '-n', namespace, '--timeout=10s']);
    expect(waited.stdout).toContain('successfully rolled out');
  }, 20_000);

  test('lets pods fail that are annotated so', async () => {
    const namespace = await cluster.newNamespace();
    const input = deployment({ 'test.kthena/waiting-reason': 'ImagePullBackOff' });
    await cluster.kubectl(['apply', '-n', namespace, '-f', '-'], { input });
    await vi.waitFor(async () => {
      const { stdout } = await cluster.kubectl(['get', 'pods', '-n', namespace]);
      expect(stdout.match(/ImagePullBackOff/g)).toHaveLength(2);
    }, 10_000);
  }, 20_000);

  test('refuses what a user has no right to', async () => {
    const kubeconfig = await cluster.userKubeconfig({ name: 'bob', groups: ['readers'] });
    const refused = await cluster.kubectl(['get', 'nodes'], { kubeconfig });
    expect(refused.stderr).toContain('User "bob" cannot list resource "nodes"');

    await cluster.kubectl(['create', 'clusterrole', 'read-nodes', '--verb=list', '--resource=nodes']);
    await cluster.kubectl(['create', 'clusterrolebinding', 'readers', '--clusterrole=read-nodes', '--group=readers']);
    await vi.waitFor(async () => {
      const allowed = await cluster.kubectl(['get', 'nodes'], { kubeconfig });
      expect(allowed.stdout).toContain('node-0');
    }, 5_000);
  }, 20_000);
});

test(
  'who stands in for a pod gets what the API server sends to its address',
  async () => {
    await withControlPlane(
      async (cluster) => {
        const namespace = await cluster.newNamespace();
        const pod = `/api/v1/namespaces/${namespace}/pods/web`;
        const spec = { containers: [{ name: 'web', image: 'web' }] };
        await cluster.request('POST', `/api/v1/namespaces/${namespace}/pods`, { metadata: { name: 'web' }, spec });
        const { podIP, conditions } = await vi.waitFor(async () => {
          const { body } = await cluster.request('GET', pod);
          expect(body.status.phase).toBe('Running');
          return body.status;
        }, 10_000);
        const ready = conditions.find((/** @type {{ type: string }} */ { type }) => type === 'Ready');
        expect(ready.status).toBe('False');

        const proxied = () => cluster.request('GET', `${pod}:8080/proxy/`);
        const server = createServer((_, response) => response.setHeader('connection', 'close').end('hello'));
        const leave = cluster.pods?.listen(podIP, 8080, (connection) => server.emit('connection', connection));
        expect(await proxied()).toEqual({ status: 200, body: 'hello' });
        leave?.();
        expect(JSON.stringify((await proxied()).body)).toContain('connection refused');
      },
      { podsAnswer: true },
    );
  },
  MINUTES,
);

test(
  'nothing is left of a control plane whose process was killed',
  async () => {
    const script = `import { startControlPlane } from './index.mjs';
    const { dir } = await startControlPlane();
    console.log(dir);
    setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: import.meta.dirname });
    const dir = await new Promise((resolve) => createInterface({ input: owner.stdout }).once('line', resolve));
    const supervisor = Number(readFileSync(join(dir, 'supervisor.pid'), 'utf8'));
    const processes = [supervisor, ...(await childrenOf(supervisor))];
    expect(processes).toHaveLength(6);

    owner.kill('SIGKILL');

    await vi.waitFor(() => {
      expect(existsSync(dir)).toBe(false);
      expect(processes.filter(isAlive)).toEqual([]);
    }, 5_000);
  },
  MINUTES,
);

test(
  'a start that fails tells the cause and keeps the logs',
  async () => {
    const failure = await startControlPlane({ apiServerArgs: ['--no-such-flag'] }).catch((error) => error);
    expect(failure.message).toContain('kube-apiserver ended by itself');
    expect(failure.message).toContain('unknown flag: --no-such-flag');
    const logs = failure.message.match(/All logs: (.*)/)[1];
    expect(readFileSync(join(logs, 'kube-apiserver.log'), 'utf8')).toContain('no-such-flag');
  },
  MINUTES,
);

/** @param {number} parent */
async function childrenOf(parent) {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid='], { env: process.env });
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([pid, ppid]) => (pid !== undefined && ppid === parent ? [pid] : []));
}
