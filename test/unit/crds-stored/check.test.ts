import { describe, expect, it } from 'vitest';
import type { Schema } from '../../../src/crds/compare/crd.js';
import { createResourceCheck } from '../../../src/crds/stored/check.js';
import type { ResourceProblem } from '../../../src/crds/stored/problem.js';
import type { KubeObject } from '../../../src/kube/object.js';
import { dropped, forgiven, MISSING, refused } from '../../fixtures/crds/problems.js';
import { crd, crdWithField, crdWithSpec, version } from '../crds-compare/samples.js';
import { FIELD_CASES } from './field-cases.js';

const metadata = { name: 'stored', namespace: 'default', labels: { app: 'x' } };

function thing(parts: object): KubeObject {
  return { apiVersion: 'example.com/v1', kind: 'Thing', metadata, ...parts };
}

/** What a schema of `spec.field` makes of a value. */
async function problemsOf(field: Schema, value: unknown): Promise<ResourceProblem[]> {
  const check = await createResourceCheck(crdWithField(field), 'v1');
  expect(check.unchecked).toEqual([]);
  return check(thing({ spec: { field: value } }));
}

describe('a stored value under a changed schema', () => {
  it.each(FIELD_CASES.map((each) => [each.name, each] as const))('%s', async (name, { after, stored, problems }) => {
    const wanted = crdWithSpec({ type: 'object', properties: { [name]: after } });
    const check = await createResourceCheck(wanted, 'v1');
    const resource = thing({ spec: { [name]: stored } });
    const given = structuredClone(resource);
    expect(check(resource)).toEqual(problems);
    expect(check(resource), 'checks do not depend on each other').toEqual(problems);
    expect(resource, 'the resource is not changed').toEqual(given);
  });
});

describe('the resource as a whole', () => {
  const whole = (root: Schema, parts: object = {}): KubeObject =>
    crd({ versions: [version('v1', { schema: { openAPIV3Schema: { type: 'object', ...root } }, ...parts })] });
  const spec: Schema = { type: 'object', properties: { replicas: { type: 'integer' } } };
  const scale = {
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.replicas',
    labelSelectorPath: '.status.selector',
  };

  it('keeps its metadata, apiVersion and kind, whatever the schema says of them', async () => {
    const check = await createResourceCheck(whole({ properties: { metadata: { type: 'object' } } }), 'v1');
    expect(check(thing({}))).toEqual([]);
  });

  it('is refused for good where something of its own is missing', async () => {
    const check = await createResourceCheck(whole({ properties: { spec }, required: ['spec'] }), 'v1');
    expect(check(thing({}))).toEqual([refused('spec', MISSING)]);
  });

  it('must have replicas the scale subresource can show', async () => {
    const schema = { properties: { spec, status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } };
    const check = await createResourceCheck(whole(schema, { subresources: { scale } }), 'v1');
    expect(check(thing({ spec: { replicas: 0 } }))).toEqual([]);
    expect(check(thing({ spec: { replicas: -1 }, status: { replicas: 3e9, selector: 1 } }))).toEqual([
      refused('spec.replicas', '-1 is not between 0 and 2147483647'),
      refused('status.replicas', '3000000000 is not between 0 and 2147483647'),
      refused('status.selector', 'is not a text'),
    ]);
  });

  it('loses nothing where the CRD keeps unknown fields, or has no schema', async () => {
    const resource = thing({ spec: { anything: { at: ['all'] } } });
    const keeping = { ...whole({ properties: { spec } }) };
    keeping['spec'] = { ...(keeping['spec'] as object), preserveUnknownFields: true };
    expect((await createResourceCheck(keeping, 'v1'))(resource)).toEqual([]);
    const without = crd({ versions: [{ name: 'v1', served: true, storage: true }] });
    expect((await createResourceCheck(without, 'v1'))(resource)).toEqual([]);
  });

  it('cannot be checked in a version that the CRD does not have', async () => {
    await expect(createResourceCheck(crd(), 'v2')).rejects.toThrow('things.example.com has no version v2');
  });
});

describe('several problems', () => {
  it('come in the order of paths, each once', async () => {
    const item: Schema = { type: 'object', required: ['a'], properties: { a: { type: 'string' } } };
    const field: Schema = { type: 'array', items: item, allOf: [{ minItems: 20 }, { minItems: 20 }] };
    const list = [...Array(10).fill({ a: 'x' }), {}, { a: 'x', b: 1 }];
    expect(await problemsOf(field, list)).toEqual([
      forgiven('spec.field', 'has 12 items, needs at least 20'),
      forgiven('spec.field[10].a', MISSING, 'spec.field'),
      dropped('spec.field[11].b'),
    ]);
  });

  it('are found side by side, dropped fields not validated', async () => {
    const field: Schema = { type: 'object', properties: { a: { type: 'integer', maximum: 1, multipleOf: 2 } } };
    expect(await problemsOf(field, { a: 3, b: { c: 1 } })).toEqual([
      forgiven('spec.field.a', '3 is greater than 1'),
      forgiven('spec.field.a', '3 is not a multiple of 2'),
      dropped('spec.field.b'),
    ]);
  });
});

describe('names that are special to JavaScript', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

  it.each(names)('%s as the key of a map', async (name) => {
    const value: unknown = JSON.parse(`{"${name}":1}`);
    const field: Schema = { type: 'object', additionalProperties: { type: 'integer', minimum: 5 } };
    expect(await problemsOf(field, value)).toEqual([forgiven(`spec.field[${name}]`, '1 is less than 5')]);
  });

  it.each(names)('%s as an unknown field', async (name) => {
    const value: unknown = JSON.parse(`{"${name}":1}`);
    expect(await problemsOf({ type: 'object', properties: { a: {} } }, value)).toEqual([dropped(`spec.field.${name}`)]);
  });

  it.each(names)('%s as a required field', async (name) => {
    const field = JSON.parse(`{"type":"object","required":["${name}"],"properties":{}}`) as Schema;
    expect(await problemsOf(field, {})).toEqual([forgiven(`spec.field.${name}`, MISSING, 'spec.field')]);
  });
});

describe('defaults', () => {
  it('are filled in at every depth, and validated with the rest', async () => {
    const inner: Schema = { type: 'object', required: ['b'], properties: { b: { type: 'integer', default: 3 } } };
    const field: Schema = { type: 'object', required: ['a'], properties: { a: { ...inner, default: {} } } };
    expect(await problemsOf(field, {})).toEqual([]);
    expect(await problemsOf(field, { a: null })).toEqual([]);
    expect(await problemsOf({ type: 'array', items: { type: 'string', default: 'x' } }, [null])).toEqual([]);
    expect(await problemsOf({ type: 'object', additionalProperties: inner }, { k: {} })).toEqual([]);
  });

  it('count for the keys of a list', async () => {
    const item: Schema = {
      type: 'object',
      properties: { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } },
    };
    const keys = ['port', 'protocol'];
    const field = { type: 'array', items: item, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys };
    expect(await problemsOf(field, [{ port: 1 }, { port: 1, protocol: 'UDP' }])).toEqual([]);
    expect(await problemsOf(field, [{ port: 1 }, { port: 1, protocol: 'TCP' }])).toMatchObject([
      { path: 'spec.field[1]', message: 'has the same port and protocol as item 0' },
    ]);
  });
});
