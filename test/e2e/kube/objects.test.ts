import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError, isApiError } from '../../../src/kube/api-error.js';
import type { KubeClient } from '../../../src/kube/client.js';
import { refOf, type KubeObject } from '../../../src/kube/object.js';
import { clientOf, configMap, sharedCluster } from './setup.js';

const cluster = sharedCluster();
const warnings: string[] = [];
let client: KubeClient;
let namespace: string;

beforeAll(async () => {
  client = await clientOf(cluster, { onWarning: (text) => warnings.push(text) });
  namespace = await cluster.newNamespace('kube-objects');
});

afterAll(() => client.close());

async function apiError(work: Promise<unknown>): Promise<ApiError> {
  const error = await work.then(
    () => expect.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

describe('server-side apply', () => {
  it('creates, then changes, then leaves alone', async () => {
    const created = await client.apply(configMap(namespace, 'life', { a: '1' }), { fieldManager: 'kthena' });
    expect(created.metadata.uid).toBeDefined();
    const changed = await client.apply(configMap(namespace, 'life', { b: '2' }), { fieldManager: 'kthena' });
    expect(changed['data']).toEqual({ b: '2' });
    const same = await client.apply(configMap(namespace, 'life', { b: '2' }), { fieldManager: 'kthena' });
    expect(same.metadata.resourceVersion).toBe(changed.metadata.resourceVersion);
  });

  it('stores nothing in a dry run', async () => {
    const object = configMap(namespace, 'dry', { a: '1' });
    expect((await client.apply(object, { fieldManager: 'kthena', dryRun: true }))['data']).toEqual({ a: '1' });
    expect(await client.get(refOf(object))).toBeUndefined();
  });

  it('names manager and field of each conflict, and takes them over when forced', async () => {
    await client.apply(configMap(namespace, 'contested', { a: '1', b: '1' }), { fieldManager: 'helm' });
    const mine = configMap(namespace, 'contested', { a: '2', b: '2' });
    const error = await apiError(client.apply(mine, { fieldManager: 'kthena' }));
    expect(error).toMatchObject({ code: 'conflict', status: 409, reason: 'Conflict' });
    expect(error.conflicts).toEqual([
      { manager: 'helm', field: '.data.a' },
      { manager: 'helm', field: '.data.b' },
    ]);
    expect(error.message).toContain(`ConfigMap/${namespace}/contested`);
    expect((await client.apply(mine, { fieldManager: 'kthena', force: true }))['data']).toEqual({ a: '2', b: '2' });
  });

  it('names the manager of fields that were updated rather than applied', async () => {
    await client.create(configMap(namespace, 'updated', { a: '1' }), { fieldManager: 'kubectl-edit' });
    const error = await apiError(client.apply(configMap(namespace, 'updated', { a: '2' }), { fieldManager: 'kthena' }));
    expect(error.conflicts).toEqual([{ manager: 'kubectl-edit', field: '.data.a' }]);
  });

  it('keeps every part of a CustomResourceDefinition', async () => {
    const crd = widgetCrd('roundtrip.kthena.test');
    const stored = await client.apply(crd, { fieldManager: 'kthena' });
    const read = (await client.get(refOf(crd)))!;
    for (const object of [stored, read]) expect(schemaOf(object)).toEqual(schemaOf(crd));
    await client.delete(refOf(crd));
  });

  it('takes bodies of half a megabyte', async () => {
    const data = { text: 'x'.repeat(440_000) };
    const stored = await client.apply(configMap(namespace, 'large', data), { fieldManager: 'kthena' });
    expect(stored['data']).toEqual(data);
  });

  it('keeps twenty requests at once apart', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `parallel-${i}`);
    const stored = await Promise.all(
      names.map((name) => client.apply(configMap(namespace, name, { name }), { fieldManager: 'kthena' })),
    );
    expect(stored.map((object) => object['data'])).toEqual(names.map((name) => ({ name })));
  });

  it('refuses a field that a kind of Kubernetes does not have', async () => {
    const error = await apiError(client.apply({ ...configMap(namespace, 'odd'), oops: 1 }, { fieldManager: 'kthena' }));
    expect(error.message).toContain('.oops');
    expect(error.hint).toContain('too old');
  });
});

describe('create', () => {
  it('fails where the object exists', async () => {
    const object = configMap(namespace, 'once');
    await client.create(object, { fieldManager: 'kthena' });
    const error = await apiError(client.create(object, { fieldManager: 'kthena' }));
    expect(isApiError(error, 409, 'AlreadyExists')).toBe(true);
    expect(error.code).toBe('conflict');
  });

  it('passes on what the server warns of', async () => {
    await client.create({ ...configMap(namespace, 'warned'), oops: 1 }, { fieldManager: 'kthena', dryRun: true });
    expect(warnings).toContainEqual(expect.stringContaining('oops'));
  });

  it('lists each invalid field', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'Not_A_Name', namespace },
      spec: { containers: [{ name: 'a' }], restartPolicy: 'Sometimes' },
    };
    const error = await apiError(client.create(pod, { fieldManager: 'kthena' }));
    expect(error).toMatchObject({ code: 'cluster', status: 422, reason: 'Invalid' });
    expect(error.causes.map((cause) => cause.field)).toEqual(
      expect.arrayContaining(['metadata.name', 'spec.containers[0].image', 'spec.restartPolicy']),
    );
    expect(error.details.length).toBe(error.causes.length);
  });

  it('says that the namespace does not exist', async () => {
    const error = await apiError(client.create(configMap('no-such-namespace', 'a'), { fieldManager: 'kthena' }));
    expect(error).toMatchObject({ code: 'not-found', status: 404 });
    expect(error.message).toContain('no-such-namespace');
  });
});

describe('replace', () => {
  it('fails where somebody was quicker', async () => {
    const first = await client.create(configMap(namespace, 'raced', { a: '1' }), { fieldManager: 'kthena' });
    await client.replace({ ...first, data: { a: '2' } }, { fieldManager: 'kthena' });
    const error = await apiError(client.replace({ ...first, data: { a: '3' } }, { fieldManager: 'kthena' }));
    expect(isApiError(error, 409, 'Conflict')).toBe(true);
    expect(error.conflicts).toEqual([]);
  });

  it('stores nothing in a dry run', async () => {
    const stored = await client.create(configMap(namespace, 'rehearsed', { a: '1' }), { fieldManager: 'kthena' });
    const answer = await client.replace({ ...stored, data: { a: '2' } }, { fieldManager: 'kthena', dryRun: true });
    expect(answer['data']).toEqual({ a: '2' });
    expect((await client.get(refOf(stored)))?.['data']).toEqual({ a: '1' });
  });
});

describe('delete', () => {
  it('is true once, false afterwards', async () => {
    const ref = refOf(configMap(namespace, 'doomed'));
    await client.create(configMap(namespace, 'doomed'), { fieldManager: 'kthena' });
    expect(await client.delete(ref)).toBe(true);
    expect(await client.delete(ref)).toBe(false);
  });

  it('leaves an object of the same name that is another one', async () => {
    const ref = refOf(configMap(namespace, 'successor'));
    const old = await client.create(configMap(namespace, 'successor'), { fieldManager: 'kthena' });
    await client.delete(ref);
    const fresh = await client.create(configMap(namespace, 'successor'), { fieldManager: 'kthena' });
    expect(await client.delete(ref, { uid: old.metadata.uid! })).toBe(false);
    expect((await client.get(ref))?.metadata.uid).toBe(fresh.metadata.uid);
    expect(await client.delete(ref, { uid: fresh.metadata.uid! })).toBe(true);
  });

  it('leaves an object that was changed since it was read', async () => {
    const read = await client.create(configMap(namespace, 'changed', { a: '1' }), { fieldManager: 'kthena' });
    const { uid, resourceVersion } = read.metadata as { uid: string; resourceVersion: string };
    const changed = await client.replace({ ...read, data: { a: '2' } }, { fieldManager: 'kthena' });
    const error = await apiError(client.delete(refOf(read), { uid, resourceVersion }));
    expect(isApiError(error, 409, 'Conflict')).toBe(true);
    const now = changed.metadata.resourceVersion!;
    expect(await client.delete(refOf(read), { uid, resourceVersion: now })).toBe(true);
  });

  it('does nothing in a dry run', async () => {
    const ref = refOf(configMap(namespace, 'spared'));
    await client.create(configMap(namespace, 'spared'), { fieldManager: 'kthena' });
    expect(await client.delete(ref, { dryRun: true })).toBe(true);
    expect(await client.get(ref)).toBeDefined();
  });

  it('removes dependents first, or not at all, as asked', async () => {
    const owner = await client.create(configMap(namespace, 'owner'), { fieldManager: 'kthena' });
    const { apiVersion, kind, metadata } = owner;
    const child = configMap(namespace, 'child');
    child.metadata.ownerReferences = [{ apiVersion, kind, name: metadata.name, uid: metadata.uid! }];
    await client.create(child, { fieldManager: 'kthena' });
    await client.delete(refOf(owner), { propagation: 'Orphan' });
    await expect.poll(() => client.get(refOf(owner)), { timeout: 10_000 }).toBeUndefined();
    expect((await client.get(refOf(child)))?.metadata.ownerReferences).toBeUndefined();
  });

  it('of a namespace that is being deleted is done already', async () => {
    const name = await cluster.newNamespace('kube-doomed');
    const held = configMap(name, 'held');
    held.metadata.finalizers = ['kthena.test/hold'];
    await client.create(held, { fieldManager: 'kthena' });
    const ref = { apiVersion: 'v1', kind: 'Namespace', name };
    expect(await client.delete(ref)).toBe(true);
    expect(await client.delete(ref)).toBe(true);
    const error = await apiError(client.create(configMap(name, 'late'), { fieldManager: 'kthena' }));
    expect(error.message).toContain('being terminated');
    const live = (await client.get(refOf(held)))!;
    await client.replace({ ...live, metadata: { ...live.metadata, finalizers: [] } }, { fieldManager: 'kthena' });
  });
});

describe('a kind the cluster does not know', () => {
  const ref = { apiVersion: 'nothing.example/v1', kind: 'Thing', namespace: 'default', name: 'a' };

  it('has no objects', async () => {
    expect(await client.get(ref)).toBeUndefined();
    expect(await client.delete(ref)).toBe(false);
    for await (const object of client.list(ref)) expect.fail(object.metadata.name);
  });

  it('takes none', async () => {
    const object = { ...ref, metadata: { name: 'a', namespace: 'default' } };
    const expected = { code: 'not-found', message: expect.stringContaining('nothing.example/v1') };
    await expect(client.apply(object, { fieldManager: 'kthena' })).rejects.toMatchObject(expected);
    await expect(client.create(object, { fieldManager: 'kthena' })).rejects.toMatchObject(expected);
  });
});

function schemaOf(object: KubeObject): unknown {
  return (object['spec'] as { versions: { schema: unknown }[] }).versions[0]?.schema;
}

function widgetCrd(group: string): KubeObject {
  const spec = {
    type: 'object',
    default: { min: 0, max: 1 },
    'x-kubernetes-validations': [{ rule: 'self.min <= self.max', message: 'min is at most max' }],
    properties: {
      mode: { type: 'string', enum: ['a', 'b'], default: 'a' },
      min: { type: 'integer', format: 'int32', default: 0 },
      max: { type: 'integer', format: 'int32', default: 1 },
      port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
      raw: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      list: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
      },
    },
  };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}
