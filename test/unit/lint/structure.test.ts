import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { parseSchemas } from '../../../src/lint/load.js';
import type { Schema } from '../../../src/lint/schema.js';
import { structureFindings } from '../../../src/lint/structure.js';
import { SCHEMAS } from './schemas.js';

/** Findings of an object whose field `value` has the schema given. */
function check(schema: Schema, value: unknown, definitions: Record<string, Schema> = {}): string[] {
  const schemas = parseSchemas({
    kinds: { 'v1/Thing': 'Thing' },
    definitions: { Thing: thing(schema), ...definitions },
  });
  const object = { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a' }, value } as KubeObject;
  return structureFindings(object, schemas).map(({ path, message }) => `${path}: ${message}`);
}

function thing(schema: Schema): Schema {
  return { type: 'object', properties: { apiVersion: {}, kind: {}, metadata: {}, value: schema } };
}

describe('an object without a schema', () => {
  it('gives one warning', () => {
    const object = { apiVersion: 'example.com/v1', kind: 'Web', metadata: { name: 'a', namespace: 'b' } };
    expect(structureFindings(object, SCHEMAS)).toEqual([
      {
        severity: 'warning',
        ref: 'Web/b/a',
        path: '',
        message: 'there is no schema for Web in example.com/v1: its fields cannot be checked',
      },
    ]);
  });

  it('is told the version its kind is known in', () => {
    const object = { apiVersion: 'extensions/v1beta1', kind: 'Deployment', metadata: { name: 'a' } };
    expect(structureFindings(object, SCHEMAS)[0]!.message).toContain('(Deployment is known in apps/v1)');
  });

  it.each(['apiVersion', 'kind'])('because it has no %s gives an error that still names it', (field) => {
    const object = { apiVersion: 'v1', kind: 'Secret', [field]: undefined } as unknown as KubeObject;
    const [finding] = structureFindings(object, SCHEMAS);
    expect(finding).toMatchObject({ severity: 'error', path: field, message: 'required field is missing' });
    expect(finding!.ref).toBe(field === 'kind' ? '(no kind)/(no name)' : 'Secret/(no name)');
  });
});

describe('a schema', () => {
  it('may be an allOf of one reference', () => {
    const schema: Schema = { allOf: [{ $ref: '#/definitions/Count' }] };
    expect(check(schema, 'x', { Count: { type: 'integer' } })).toEqual(['value: expected integer, got string']);
  });

  it('may refer to itself', () => {
    const tree: Schema = { type: 'object', properties: { left: { $ref: '#/definitions/Tree' } } };
    const found = check({ $ref: '#/definitions/Tree' }, { left: { left: { right: {} } } }, { Tree: tree });
    expect(found).toEqual(['value.left.left.right: unknown field']);
  });

  it('that refers to nothing is a damaged installation', () => {
    expect(() => check({ $ref: '#/definitions/Gone' }, 1)).toThrow(/refer to Gone/);
  });

  it('may keep unknown fields and still check the known ones', () => {
    const schema: Schema = {
      type: 'object',
      properties: { a: { type: 'integer' } },
      'x-kubernetes-preserve-unknown-fields': true,
    };
    expect(check(schema, { a: 'x', b: 1 })).toEqual(['value.a: expected integer, got string']);
  });

  it('of any JSON accepts everything', () => {
    for (const value of [1, 'x', null, true, [{}], { a: [null] }]) expect(check({}, value)).toEqual([]);
  });

  it('of a map without properties accepts any map, and only maps', () => {
    expect(check({ type: 'object' }, { a: 1 })).toEqual([]);
    expect(check({ type: 'object' }, 'a')).toEqual(['value: expected map, got string']);
    expect(check({ type: 'object', additionalProperties: true, properties: {} }, { a: 1 })).toEqual([]);
  });

  it('of a number accepts integers and fractions', () => {
    expect(check({ type: 'number' }, 1)).toEqual([]);
    expect(check({ type: 'number' }, 1.5)).toEqual([]);
    expect(check({ type: 'number' }, '1.5')).toEqual(['value: expected number, got string']);
  });

  it('of 64 bits accepts what 32 bits do not', () => {
    expect(check({ type: 'integer', format: 'int64' }, 2 ** 40)).toEqual([]);
    expect(check({ type: 'integer', format: 'int32' }, 2 ** 40)).toHaveLength(1);
    expect(check({ type: 'integer', format: 'int64' }, 2 ** 70)).toHaveLength(1);
  });
});

describe('null', () => {
  it('counts as a missing field', () => {
    expect(check({ type: 'integer' }, null)).toEqual([]);
    expect(check({ type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] }, { a: null })).toEqual([
      'value.a: required field is missing',
    ]);
  });

  it('is wrong in a list', () => {
    expect(check({ type: 'array', items: { type: 'string' } }, ['a', null])).toEqual([
      'value[1]: expected string, got null',
    ]);
  });
});

describe('a list map', () => {
  const schema: Schema = {
    type: 'array',
    'x-kubernetes-list-map-keys': ['port', 'protocol'],
    items: {
      type: 'object',
      properties: { port: {}, protocol: { type: 'string', default: 'TCP' } },
      required: ['port'],
    },
  };

  it('tells items apart by all their keys', () => {
    expect(check(schema, [{ port: 1 }, { port: 1, protocol: 'UDP' }, { port: '1' }])).toEqual([]);
  });

  it('takes a missing key for its default', () => {
    expect(check(schema, [{ port: 1 }, { port: 2 }, { port: 1, protocol: 'TCP' }])).toEqual([
      'value[2]: port 1, protocol "TCP" must be unique, but item 0 has it too',
    ]);
  });
});

describe('base64', () => {
  it.each(['', 'YQ==', 'YWI=', 'YWJj', 'YWJj\nYWJj\n'])('accepts %j', (text) => {
    expect(check({ type: 'string', format: 'byte' }, text)).toEqual([]);
  });

  it.each(['YQ', 'YQ=', 'Y Q==', 'YQ==YQ==', '-_==', '-----BEGIN CERTIFICATE-----'])('refuses %j', (text) => {
    expect(check({ type: 'string', format: 'byte' }, text)).toEqual(['value: is not base64']);
  });
});
