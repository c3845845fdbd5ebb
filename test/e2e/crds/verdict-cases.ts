import type { Schema } from '../../../src/crds/compare/crd.js';

/** A field `spec.<name>` whose schema changes, with a stored value. */
export interface VerdictCase {
  name: string;
  before: Schema;
  after: Schema;
  stored: unknown;
  /** Another value of the field, to update the stored one to: at least as wrong as that. */
  touched?: unknown;
}

const text: Schema = { type: 'string' };
const integer: Schema = { type: 'integer' };
const object = (properties: Record<string, Schema>, rest: Schema = {}): Schema => ({
  type: 'object',
  properties,
  ...rest,
});
const list = (items: Schema, rest: Schema = {}): Schema => ({ type: 'array', items, ...rest });
const open: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const byName: Schema = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] };
const named = object({ name: text, size: integer }, { required: ['name'] });
const sized = object({ name: text, size: integer }, { required: ['name', 'size'] });
const rule = (expression: string): Schema => ({ 'x-kubernetes-validations': [{ rule: expression }] });

export const VERDICT_CASES: readonly VerdictCase[] = [
  { name: 'minimum', before: integer, after: { ...integer, minimum: 10 }, stored: 5, touched: 6 },
  {
    name: 'exclusive',
    before: integer,
    after: { ...integer, minimum: 5, exclusiveMinimum: true },
    stored: 5,
    touched: 4,
  },
  { name: 'multiple', before: integer, after: { ...integer, multipleOf: 4 }, stored: 6, touched: 7 },
  { name: 'maxLength', before: text, after: { ...text, maxLength: 2 }, stored: 'äöü', touched: 'aaaa' },
  { name: 'astral', before: text, after: { ...text, maxLength: 2 }, stored: '😀😀' },
  { name: 'pattern', before: text, after: { ...text, pattern: '(?i)^/[a-z]+\\z' }, stored: 'x', touched: '/a1' },
  { name: 'patternFits', before: text, after: { ...text, pattern: '(?i)^/[[:lower:]]+\\z' }, stored: '/ABC' },
  { name: 'uri', before: text, after: { ...text, format: 'uri' }, stored: 'metrics', touched: 'a b' },
  { name: 'hint', before: text, after: { ...text, format: 'quantity' }, stored: 'nothing of the kind' },
  { name: 'int32', before: integer, after: { ...integer, format: 'int32' }, stored: 4_000_000_000 },
  { name: 'enum', before: text, after: { ...text, enum: ['a', 'b'] }, stored: 'c', touched: 'd' },
  { name: 'retyped', before: integer, after: text, stored: 5, touched: 6 },
  { name: 'fraction', before: { type: 'number' }, after: integer, stored: 1.5, touched: 2.5 },
  {
    name: 'intOrString',
    before: { 'x-kubernetes-int-or-string': true },
    after: integer,
    stored: '50%',
    touched: '60%',
  },
  {
    name: 'required',
    before: object({ a: integer, b: integer }),
    after: object({ a: integer, b: integer }, { required: ['b'] }),
    stored: { a: 1 },
    touched: { a: 2 },
  },
  {
    name: 'requiredWithDefault',
    before: object({ a: integer, b: integer }),
    after: object({ a: integer, b: { ...integer, default: 7 } }, { required: ['b'] }),
    stored: { a: 1 },
    touched: { a: 2 },
  },
  {
    name: 'requiredDeep',
    before: object({ a: object({ b: integer, c: integer }), other: integer }),
    after: object({ a: object({ b: integer, c: integer }, { required: ['c'] }), other: integer }),
    stored: { a: { b: 1 }, other: 1 },
    touched: { a: { b: 1 }, other: 2 },
  },
  {
    name: 'itemInList',
    before: list(named),
    after: list(sized),
    stored: [{ name: 'x' }, { name: 'y', size: 1 }],
    touched: [{ name: 'x' }, { name: 'y', size: 2 }],
  },
  {
    name: 'otherItemByKey',
    before: list(named, byName),
    after: list(sized, byName),
    stored: [{ name: 'x' }, { name: 'y', size: 1 }],
    touched: [{ name: 'x' }, { name: 'y', size: 2 }],
  },
  {
    name: 'itemByKey',
    before: list(object({ name: text, size: integer, colour: text }, { required: ['name'] }), byName),
    after: list(object({ name: text, size: integer, colour: text }, { required: ['name', 'size'] }), byName),
    stored: [{ name: 'x', colour: 'red' }],
    touched: [{ name: 'x', colour: 'blue' }],
  },
  {
    name: 'twiceInSet',
    before: list(text),
    after: list(text, { 'x-kubernetes-list-type': 'set' }),
    stored: ['a', 'a'],
    touched: ['a', 'a', 'b'],
  },
  {
    name: 'twiceInMap',
    before: list(named),
    after: list(named, byName),
    stored: [{ name: 'x' }, { name: 'x', size: 2 }],
    touched: [{ name: 'x' }, { name: 'x', size: 3 }],
  },
  { name: 'minItems', before: list(text), after: list(text, { minItems: 3 }), stored: ['a'], touched: ['b'] },
  {
    name: 'maxProperties',
    before: { type: 'object', additionalProperties: integer },
    after: { type: 'object', additionalProperties: integer, maxProperties: 1 },
    stored: { a: 1, b: 1 },
    touched: { a: 1, b: 2 },
  },
  {
    name: 'valueOfMap',
    before: { type: 'object', additionalProperties: integer },
    after: { type: 'object', additionalProperties: { ...integer, minimum: 10 } },
    stored: { a: 1, b: 20 },
    touched: { a: 1, b: 30 },
  },
  {
    name: 'sameValueOfMap',
    before: { type: 'object', additionalProperties: integer },
    after: { type: 'object', additionalProperties: { ...integer, minimum: 10 } },
    stored: { a: 1, b: 20 },
    touched: { a: 2, b: 20 },
  },
  {
    name: 'allOf',
    before: text,
    after: { ...text, allOf: [{ minLength: 2 }, { maxLength: 9 }] },
    stored: 'a',
    touched: 'b',
  },
  {
    name: 'allOfDeep',
    before: object({ a: text, b: text }),
    after: object({ a: text, b: text }, { allOf: [{ properties: { a: { minLength: 2 } } }] }),
    stored: { a: 'x', b: 'y' },
    touched: { a: 'x', b: 'z' },
  },
  {
    name: 'anyOf',
    before: text,
    after: { ...text, anyOf: [{ minLength: 5 }, { enum: ['ok'] }] },
    stored: 'a',
    touched: 'b',
  },
  {
    name: 'oneOf',
    before: object({ a: text, b: text }),
    after: object({ a: text, b: text }, { oneOf: [{ required: ['a'] }, { required: ['b'] }] }),
    stored: { a: 'x', b: 'y' },
    touched: { a: 'x', b: 'z' },
  },
  { name: 'not', before: text, after: { ...text, not: { enum: ['never'] } }, stored: 'never' },
  { name: 'rule', before: text, after: { ...text, maxLength: 9, ...rule('self != "no"') }, stored: 'no' },
  {
    name: 'ruleInList',
    before: list(object({ a: integer })),
    after: list(object({ a: integer }, rule('self.a > 1')), { maxItems: 5 }),
    stored: [{ a: 1 }, { a: 5 }],
    touched: [{ a: 1 }, { a: 6 }],
  },
  {
    name: 'ruleFails',
    before: object({ a: integer, b: integer }),
    after: object({ a: integer, b: integer }, rule('self.a > 1')),
    stored: { b: 1 },
    touched: { b: 2 },
  },
  {
    name: 'ruleOfTwo',
    before: object({ a: integer, 'b-c': integer }),
    after: object({ a: integer, 'b-c': integer }, rule('self.a < self.b__dash__c')),
    stored: { a: 2, 'b-c': 1 },
    touched: { a: 3, 'b-c': 1 },
  },
  { name: 'removed', before: object({ a: text, b: text }), after: object({ a: text }), stored: { a: 'x', b: 'y' } },
  { name: 'closed', before: open, after: object({ a: open }), stored: { a: { deep: { er: 1 } }, b: [{ c: 1 }] } },
  {
    name: 'anyValues',
    before: open,
    after: { type: 'object', additionalProperties: true },
    stored: { a: 1, b: { c: 1 }, d: [{ e: 1 }, 2] },
  },
  { name: 'declared', before: open, after: { ...open, properties: { a: integer } }, stored: { a: 'x', b: { c: 1 } } },
  {
    name: 'keptInList',
    before: open,
    after: object({ a: list({ ...open, properties: { b: object({ c: text }) } }) }),
    stored: { a: [{ b: { c: 'x', gone: 1 }, kept: 1 }] },
  },
  { name: 'embedded', before: open, after: { ...open, 'x-kubernetes-embedded-resource': true }, stored: { data: 'x' } },
  {
    name: 'embeddedFits',
    before: open,
    after: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { data: text } },
    stored: { apiVersion: 'v1', kind: 'Thing', metadata: { labels: { a: 'b' } }, data: 'x', more: 1 },
  },
  {
    name: 'nullGone',
    before: object({ a: { ...text, nullable: true }, b: text }),
    after: object({ a: text, b: text }, { required: ['a'] }),
    stored: { a: null, b: 'x' },
    touched: { b: 'y' },
  },
  {
    name: 'nullWithDefault',
    before: object({ a: { ...text, nullable: true }, b: text }),
    after: object({ a: { ...text, default: 'z' }, b: text }, { required: ['a'] }),
    stored: { a: null, b: 'x' },
  },
  {
    name: 'nullInList',
    before: list({ ...text, nullable: true }),
    after: list(text),
    stored: [null],
    touched: [null, 'a'],
  },
  {
    name: 'nullStays',
    before: { ...integer, nullable: true },
    after: { ...integer, nullable: true, anyOf: [{ minimum: 5 }, { enum: [1] }] },
    stored: null,
  },
];
