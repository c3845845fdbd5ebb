import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import type { Finding, Subject } from '../../../src/preflight/check.js';
import { redis } from '../../../src/preflight/redis/redis.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { eventually } from '../install/cluster-state.js';
import { runKthena } from '../install/program.js';
import { clientFor, resultOf, subjectIn } from './setup.js';

const PASSWORD = 'MARKED-PASSWORD';
const crds = new URL('../../../crds/', import.meta.url);

let cluster: ControlPlane;
let namespace: string;
beforeAll(async () => {
  cluster = await startControlPlane();
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  namespace = await cluster.newNamespace('redis');
});

async function apply(...objects: object[]): Promise<void> {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  expect(await cluster.kubectl(['apply', '-n', namespace, '-f', '-'], { input })).toMatchObject({ code: 0 });
}
const object = (kind: string, name: string, parts: object): object => ({
  apiVersion: 'v1',
  kind,
  metadata: { name },
  ...parts,
});
const configMap = (data: Record<string, string>): object => object('ConfigMap', 'redis-config', { data });
const secret = (stringData: Record<string, string>): object => object('Secret', 'redis-secret', { stringData });
const service = (name: string): object => object('Service', name, { spec: { ports: [{ port: 6379 }] } });

async function findings({ plugin = false, kubeconfig }: { plugin?: boolean; kubeconfig?: string } = {}): Promise<
  Finding[]
> {
  const client = await clientFor(cluster, kubeconfig);
  const subject = await subjectIn(client, namespace);
  const found = (await resultOf(redis, plugin ? withPlugin(subject) : subject, client)).findings;
  expect(JSON.stringify(found)).not.toContain(PASSWORD);
  expect(JSON.stringify(found)).not.toContain(Buffer.from(PASSWORD).toString('base64'));
  return found;
}

/** As a post-renderer switches the plugin on. */
function withPlugin(subject: Subject): Subject {
  const objects = subject.objects.map((each): KubeObject => {
    const { routerConfiguration: text } = (each['data'] ?? {}) as Record<string, string>;
    if (text === undefined) return each;
    return { ...each, data: { routerConfiguration: text.replace('name: gpu-usage', 'name: kvcache-aware') } };
  });
  return { ...subject, objects };
}

describe('redis', () => {
  it('is silent where nothing needs it, and where its settings are right', async () => {
    expect(await findings()).toEqual([]);
    await apply(
      configMap({ REDIS_HOST: 'redis-server', REDIS_PORT: '6379' }),
      secret({ password: PASSWORD }),
      service('redis-server'),
    );
    expect(await findings()).toEqual([]);
    expect(await findings({ plugin: true })).toEqual([]);
  });

  it('warns of a plugin without a Redis', async () => {
    expect(await findings({ plugin: true })).toMatchObject([
      {
        severity: 'warning',
        object: { kind: 'ConfigMap', name: 'redis-config' },
        seen: expect.stringContaining('kvcache-aware'),
      },
    ]);
  });

  it('recognises keys that the router does not read, and the hinted commands mend them', async () => {
    await apply(
      configMap({ redis_host: 'redis-server', REDIS_PORT: '6379' }),
      secret({ REDIS_PASSWORD: PASSWORD }),
      service('redis-server'),
    );
    const found = await findings();
    expect(found.map(({ seen }) => seen)).toEqual([
      expect.stringContaining('it has the key redis_host, but the router reads REDIS_HOST'),
      expect.stringContaining('it has the key REDIS_PASSWORD, but the router reads password'),
    ]);
    for (const { hint } of found) {
      const command = hint.slice(hint.indexOf('kubectl get'));
      const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', command], {
        env: cluster.env,
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(/patched\n$/);
    }
    expect(await findings()).toEqual([]);
    const { stdout } = await cluster.kubectl(['get', 'secret/redis-secret', '-n', namespace, '-o', 'json']);
    const { data } = JSON.parse(stdout) as { data: Record<string, string> };
    expect(Buffer.from(data['password']!, 'base64').toString()).toBe(PASSWORD);
  });

  it('finds a host and a port that will not do; with the plugin they are errors', async () => {
    await apply(configMap({ REDIS_HOST: 'redis://redis-server', REDIS_PORT: '63790000' }));
    expect(await findings()).toMatchObject([
      { severity: 'warning', seen: expect.stringContaining('REDIS_HOST is a URL') },
      { severity: 'warning', seen: expect.stringContaining('REDIS_PORT is no number') },
    ]);
    expect((await findings({ plugin: true })).map(({ severity }) => severity)).toEqual(['error', 'error']);
  });

  it('finds a host that names no Service, and a Service whose name gives the router a port that is none', async () => {
    await apply(configMap({ REDIS_HOST: 'redis-server' }), service('redis'));
    expect(await findings()).toMatchObject([
      { object: { kind: 'Service', name: 'redis' }, seen: expect.stringContaining('REDIS_PORT=tcp://') },
      { object: { kind: 'Service', name: 'redis-server' }, seen: expect.stringContaining('does not exist') },
    ]);
  });

  it('finds a rate limit that would need the password', async () => {
    await apply(
      configMap({ REDIS_HOST: 'redis-server', REDIS_PORT: '6379' }),
      secret({ password: PASSWORD }),
      service('redis-server'),
    );
    const input = readFileSync(new URL('networking.serving.volcano.sh_modelroutes.yaml', crds), 'utf8');
    expect(await cluster.kubectl(['apply', '--server-side', '-f', '-'], { input })).toMatchObject({ code: 0 });
    const routes = `/apis/networking.serving.volcano.sh/v1alpha1/namespaces/${namespace}/modelroutes`;
    await eventually('ModelRoutes are served', async () =>
      (await cluster.request('GET', routes)).status === 200 ? true : undefined,
    );
    await apply(limited(`redis-server.${namespace}.svc:6379`));
    expect(await findings()).toMatchObject([{ severity: 'warning', object: { kind: 'ModelRoute', name: 'limited' } }]);
    await apply(limited('redis-limits:6379'));
    expect(await findings()).toEqual([]);
  });

  it('still says what is wrong with the ConfigMap to whoever may not read the Secret', async () => {
    await apply(configMap({ REDIS_HOST: 'redis:6379' }), secret({ REDIS_PASSWORD: PASSWORD }));
    const kubeconfig = await cluster.userKubeconfig({ name: 'carol' });
    const grant = ['--role=reader', '--user=carol', '-n', namespace];
    await cluster.kubectl([
      'create',
      'role',
      'reader',
      '--verb=get',
      '--resource=configmaps,services',
      '-n',
      namespace,
    ]);
    await cluster.kubectl(['create', 'rolebinding', 'carol', ...grant]);
    const seen = (await findings({ kubeconfig })).map((finding) => finding.seen);
    expect(seen).toContainEqual(expect.stringContaining('REDIS_HOST has a port in it'));
    expect(seen).toContainEqual(expect.stringMatching(/could not be looked at.*Secret\/.*redis-secret/));
  });

  it('is part of kthena check --pre, which does not show the password either', async () => {
    await apply(configMap({ REDIS_HOST: 'redis.example.com' }), secret({ REDIS_PASSWORD: PASSWORD }));
    for (const format of ['text', 'json']) {
      const args = ['check', '--pre', '-n', namespace, '-o', format, '--debug'];
      const { stdout, stderr } = await runKthena(args, { env: cluster.env });
      expect(stdout).toContain('it has the key REDIS_PASSWORD, but the router reads password');
      expect(stdout + stderr).not.toContain(PASSWORD);
      expect(stdout + stderr).not.toContain(Buffer.from(PASSWORD).toString('base64'));
    }
  });
});

function limited(address: string): object {
  return {
    apiVersion: 'networking.serving.volcano.sh/v1alpha1',
    kind: 'ModelRoute',
    metadata: { name: 'limited' },
    spec: {
      modelName: 'llama',
      rules: [{ targetModels: [{ modelServerName: 'llama' }] }],
      rateLimit: { unit: 'minute', inputTokensPerUnit: 100, global: { redis: { address } } },
    },
  };
}
