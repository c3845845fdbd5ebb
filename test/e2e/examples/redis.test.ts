import { spawnSync } from 'node:child_process';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { connect } from '../../cluster/index.mjs';
import { codeBlocks, read, root } from '../../unit/docs/markdown.js';
import { mustRun } from '../install/program.js';

interface KeyRef {
  name: string;
  key: string;
}
interface Variable {
  name: string;
  valueFrom?: { configMapKeyRef?: KeyRef; secretKeyRef?: KeyRef };
}
interface DeploymentSpec {
  template: { spec: { containers: { env: Variable[] }[] } };
}

const cluster = connect(inject('cluster'));
const blocks = codeBlocks(read('examples/redis/README.md')).filter(({ info }) => info === 'sh');
const blockWith = (words: string) => blocks.find(({ text }) => text.includes(words))!.text;
const password = blockWith('/dev/urandom');
const server = blockWith('redis-standalone.yaml');
const volume = `kubectl apply --server-side -n kthena-system -k examples/redis`;

/** What the router reads its Redis settings from: `ConfigMap/redis-config` and the keys of it. */
let reads: Map<string, string[]>;
beforeAll(async () => {
  const { stdout } = await mustRun(['template'], { env: cluster.env });
  const objects = loadAll(stdout) as KubeObject[];
  const router = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'kthena-router')!;
  const { env } = (router['spec'] as DeploymentSpec).template.spec.containers[0]!;
  reads = new Map();
  for (const { valueFrom } of env.filter(({ name }) => name.startsWith('REDIS_'))) {
    const { configMapKeyRef, secretKeyRef } = valueFrom!;
    const { name, key } = (configMapKeyRef ?? secretKeyRef)!;
    const object = `${configMapKeyRef === undefined ? 'Secret' : 'ConfigMap'}/${name}`;
    reads.set(object, [...(reads.get(object) ?? []), key].sort());
  }
});

const namespaces: string[] = [];
/** A namespace that takes no pods but such as pod security calls restricted. */
async function restricted(): Promise<string> {
  const namespace = await cluster.newNamespace('redis');
  namespaces.push(namespace);
  const levels = ['enforce', 'warn'].map((mode) => `pod-security.kubernetes.io/${mode}=restricted`);
  expect(await cluster.kubectl(['label', 'namespace', namespace, ...levels])).toMatchObject({ code: 0 });
  return namespace;
}
afterAll(() => cluster.kubectl(['delete', 'namespace', '--wait=false', ...namespaces]));

/** Runs lines of the README in a namespace; fails on an error and on a warning. */
function shell(lines: string, namespace: string, { input = '', models = 'models' } = {}): void {
  const script = lines
    .replace(/^kubectl create namespace .*\n/m, '')
    .replaceAll('kthena-system', namespace)
    .replaceAll('-n models', `-n ${models}`)
    .replaceAll('--server-side', '--server-side --validate=strict');
  const options = { cwd: root, env: cluster.env, input, encoding: 'utf8' } as const;
  const { status, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], options);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}

async function data(namespace: string, object: string): Promise<Record<string, string>> {
  const { stdout } = await cluster.kubectl(['get', object, '-n', namespace, '-o', 'json']);
  return (JSON.parse(stdout) as { data: Record<string, string> }).data;
}

async function keys(namespace: string): Promise<Map<string, string[]>> {
  const found = [...reads.keys()].map(async (object) => {
    return [object, Object.keys(await data(namespace, object)).sort()] as const;
  });
  return new Map(await Promise.all(found));
}

describe('examples/redis', () => {
  it('runs where pods are restricted, with the keys that the router reads', async () => {
    const namespace = await restricted();
    shell(password, namespace);
    shell(server, namespace);
    expect(reads.size).toBe(2);
    expect(await keys(namespace)).toEqual(reads);
    const { password: secret } = await data(namespace, 'Secret/redis-secret');
    expect(Buffer.from(secret!, 'base64').toString()).toMatch(/^[0-9a-f]{64}$/);
    const { REDIS_HOST: host } = await data(namespace, 'ConfigMap/redis-config');
    expect(await cluster.kubectl(['get', 'service', host!, '-n', namespace])).toMatchObject({ code: 0 });
  });

  it('takes a new password as the README says', async () => {
    const namespace = await restricted();
    shell(password, namespace);
    const before = await data(namespace, 'Secret/redis-secret');
    shell(blockWith('--dry-run=client'), namespace);
    const after = await data(namespace, 'Secret/redis-secret');
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(after).not.toEqual(before);
  });

  it('keeps its data on a persistent volume where that is asked for', async () => {
    const namespace = await restricted();
    await provideVolume(namespace);
    shell(password, namespace);
    expect(read('examples/redis/README.md')).toContain(volume);
    shell(server, namespace);
    shell(`${volume}\n${server.split('\n')[1]!}`, namespace);
    expect(await keys(namespace)).toEqual(reads);
    const path = ['-o', 'jsonpath={.spec.template.spec.volumes[?(@.name=="data")]}'];
    const { stdout } = await cluster.kubectl(['get', 'deployment/redis-server', '-n', namespace, ...path]);
    expect(JSON.parse(stdout)).toEqual({ name: 'data', persistentVolumeClaim: { claimName: 'redis-data' } });
    await cluster.kubectl(['delete', 'persistentvolume', namespace, '--wait=false']);
  });

  it('makes the objects for a server that exists', async () => {
    const namespace = await restricted();
    shell(blockWith('read -rs'), namespace, { input: 'pass word\\1\n' });
    expect(await keys(namespace)).toEqual(reads);
    const { password: secret } = await data(namespace, 'Secret/redis-secret');
    expect(Buffer.from(secret!, 'base64').toString()).toBe('pass word\\1');
  });

  it('gives models the password under the key that they read', async () => {
    const [namespace, models] = [await restricted(), await restricted()];
    shell(password, namespace);
    shell(blockWith('-n models'), namespace, { models });
    shell(blockWith('kubectl patch'), namespace);
    const { password: secret } = await data(namespace, 'Secret/redis-secret');
    expect(await data(models, 'Secret/redis-secret')).toEqual({ REDIS_PASSWORD: secret });
    expect(await data(namespace, 'Secret/redis-secret')).toEqual({ password: secret, REDIS_PASSWORD: secret });
  });
});

/** What a storage class would make for the claim of the example. */
async function provideVolume(namespace: string): Promise<void> {
  const spec = {
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    hostPath: { path: '/data' },
    claimRef: { namespace, name: 'redis-data' },
  };
  const body = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: namespace }, spec };
  expect(await cluster.request('POST', '/api/v1/persistentvolumes', body)).toMatchObject({ status: 201 });
}
