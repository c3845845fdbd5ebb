import { describe, expect, it } from 'vitest';
import type { Schema, ValidationRule } from '../../../src/crds/compare/crd.js';
import { createResourceCheck } from '../../../src/crds/stored/check.js';
import { forgiven, refused } from '../../fixtures/crds/problems.js';
import { crdWithField } from '../crds-compare/samples.js';

const checkOf = (field: Schema, ...rules: (string | ValidationRule)[]) => {
  const list = rules.map((rule) => (typeof rule === 'string' ? { rule } : rule));
  return createResourceCheck(crdWithField({ ...field, 'x-kubernetes-validations': list }), 'v1');
};
const thing = (field: unknown) => ({
  apiVersion: 'example.com/v1',
  kind: 'Thing',
  metadata: { name: 'stored' },
  spec: { field },
});

describe('CEL rules', () => {
  const text: Schema = { type: 'string' };
  const roles: Schema = {
    type: 'array',
    items: { type: 'object', properties: { name: text, count: { type: 'integer' }, share: { type: 'number' } } },
  };

  it.each<[rule: string, field: Schema, fulfilled: unknown, broken: unknown]>([
    ['self.startsWith("/")', text, '/a', 'a'],
    [
      'self.all(x, self.exists_one(y, y.name == x.name))',
      roles,
      [{ name: 'a' }, { name: 'b' }],
      [{ name: 'a' }, { name: 'a' }],
    ],
    ['self.all(x, x.count > 1)', roles, [{ count: 2 }], [{ count: 1 }]],
    ['self.all(x, x.share < 0.5)', roles, [{ share: 0 }], [{ share: 1 }]],
    ['self.all(x, !has(x.name) || x.name in ["a", "b"])', roles, [{}, { name: 'a' }], [{ name: 'c' }]],
    ['type(self) == int || self == "all"', { 'x-kubernetes-int-or-string': true }, 3, 'most'],
    ['size(self) >= 2', { type: 'object', additionalProperties: text }, { a: 'x', b: 'y' }, { a: 'x' }],
    [
      'self.__namespace__ == self.a__dot__b',
      { type: 'object', properties: { namespace: text, 'a.b': text } },
      { namespace: 'x', 'a.b': 'x' },
      { namespace: 'x', 'a.b': 'y' },
    ],
    ['self["a-b"] == "x"', { type: 'object', additionalProperties: text }, { 'a-b': 'x' }, { 'a-b': 'y' }],
  ])('%s', async (rule, field, fulfilled, broken) => {
    const check = await checkOf(field, rule);
    expect(check.unchecked).toEqual([]);
    expect(check(thing(fulfilled))).toEqual([]);
    expect(check(thing(broken))).toEqual([forgiven('spec.field', `does not fulfil the rule ${rule}`)]);
  });

  it('say what their message says, at the field they name', async () => {
    const field: Schema = { type: 'object', properties: { a: text } };
    const check = await checkOf(field, { rule: 'self.a == "x"', message: 'a must be x', fieldPath: '.a' });
    expect(check(thing({ a: 'y' }))).toEqual([forgiven('spec.field.a', 'a must be x', 'spec.field')]);
  });

  it('that end in an error are not forgiven', async () => {
    const check = await checkOf(
      { type: 'object', properties: { a: text } },
      { rule: 'self.a != ""', message: 'set a' },
    );
    expect(check(thing({}))).toEqual([refused('spec.field', 'set a (the rule fails: no such key)')]);
  });

  it('are not asked about values that are not there', async () => {
    const check = await checkOf({ ...text, nullable: true }, 'self != ""');
    expect(check(thing(null))).toEqual([]);
    expect(check(thing(undefined))).toEqual([]);
  });

  it('about updates are not asked, and are no omission', async () => {
    const check = await checkOf(text, 'self == oldSelf', {
      rule: 'oldSelf.hasValue() || self == "first"',
      optionalOldSelf: true,
    });
    expect(check(thing('x'))).toEqual([]);
    expect(check.unchecked).toEqual([]);
  });
});

describe('what cannot be checked', () => {
  it('is named, and passes', async () => {
    const field: Schema = {
      type: 'object',
      properties: {
        mail: { type: 'string', format: 'email' },
        odd: { type: 'string', pattern: '(?=a)' },
        listed: { type: 'array', items: { type: 'string', anyOf: [{ format: 'isbn' }, { enum: ['none'] }] } },
      },
      allOf: [{ properties: { mail: { 'x-kubernetes-validations': [{ rule: 'self != ""' }] } } }],
    };
    const check = await checkOf(field, 'isQuantity(self.odd)', 'self.odd.matches("a")', 'self.odd ==');
    expect(check(thing({ mail: '-', odd: 'b', listed: ['-'] }))).toEqual([]);
    expect(check.unchecked.map(({ path, kind, text }) => `${path} ${kind} ${text}`).sort()).toEqual([
      'spec.field rule isQuantity(self.odd)',
      'spec.field rule self != ""',
      'spec.field rule self.odd ==',
      'spec.field rule self.odd.matches("a")',
      'spec.field.listed[] format isbn',
      'spec.field.mail format email',
      'spec.field.odd pattern (?=a)',
    ]);
    expect(check.unchecked.every(({ why }) => why !== '' && !why.includes('\n'))).toBe(true);
  });

  it('may show at the first resource, and is named once', async () => {
    const check = await checkOf({ type: 'string' }, 'self < 5');
    expect(check.unchecked).toEqual([]);
    expect([check(thing('a')), check(thing('b'))]).toEqual([[], []]);
    expect(check.unchecked).toMatchObject([{ path: 'spec.field', kind: 'rule', text: 'self < 5' }]);
  });
});
