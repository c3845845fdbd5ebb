/** Fields whose schema changes, what the new one makes of a stored value, and another value to update that to. */

import type { Schema } from '../../../src/crds/compare/crd.js';
import type { ResourceProblem } from '../../../src/crds/stored/problem.js';
import { alwaysForgiven, dropped, forgiven, MISSING, refused } from '../../fixtures/crds/problems.js';

/** A field `spec.<name>` whose schema changes, with a stored value. */
export interface FieldCase {
  name: string;
  before: Schema;
  after: Schema;
  stored: unknown;
  /** Another value of the field, to update the stored one to: at least as wrong as that. */
  touched?: unknown;
  problems: readonly ResourceProblem[];
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

export const FIELD_CASES: readonly FieldCase[] = [
  {
    name: 'minimum',
    before: integer,
    after: { ...integer, minimum: 10 },
    stored: 5,
    touched: 6,
    problems: [forgiven('spec.minimum', '5 is less than 10')],
  },
  {
    name: 'exclusive',
    before: integer,
    after: { ...integer, minimum: 5, exclusiveMinimum: true },
    stored: 5,
    touched: 4,
    problems: [forgiven('spec.exclusive', '5 is not greater than 5')],
  },
  {
    name: 'multiple',
    before: integer,
    after: { ...integer, multipleOf: 4 },
    stored: 6,
    touched: 7,
    problems: [forgiven('spec.multiple', '6 is not a multiple of 4')],
  },
  {
    name: 'maxLength',
    before: text,
    after: { ...text, maxLength: 2 },
    stored: 'äöü',
    touched: 'aaaa',
    problems: [forgiven('spec.maxLength', 'has 3 characters, may have at most 2')],
  },
  { name: 'astral', before: text, after: { ...text, maxLength: 2 }, stored: '😀😀', problems: [] },
  {
    name: 'pattern',
    before: text,
    after: { ...text, pattern: '(?i)^/[a-z]+\\z' },
    stored: 'x',
    touched: '/a1',
    problems: [forgiven('spec.pattern', 'does not match (?i)^/[a-z]+\\z')],
  },
  {
    name: 'patternFits',
    before: text,
    after: { ...text, pattern: '(?i)^/[[:lower:]]+\\z' },
    stored: '/ABC',
    problems: [],
  },
  {
    name: 'uri',
    before: text,
    after: { ...text, format: 'uri' },
    stored: 'metrics',
    touched: 'a b',
    problems: [forgiven('spec.uri', 'is not a valid uri')],
  },
  { name: 'hint', before: text, after: { ...text, format: 'quantity' }, stored: 'nothing of the kind', problems: [] },
  { name: 'int32', before: integer, after: { ...integer, format: 'int32' }, stored: 4_000_000_000, problems: [] },
  {
    name: 'enum',
    before: text,
    after: { ...text, enum: ['a', 'b'] },
    stored: 'c',
    touched: 'd',
    problems: [forgiven('spec.enum', 'c is not one of a, b')],
  },
  {
    name: 'retyped',
    before: integer,
    after: text,
    stored: 5,
    touched: 6,
    problems: [forgiven('spec.retyped', 'expected string, got integer')],
  },
  {
    name: 'fraction',
    before: { type: 'number' },
    after: integer,
    stored: 1.5,
    touched: 2.5,
    problems: [forgiven('spec.fraction', 'expected integer, got number')],
  },
  {
    name: 'intOrString',
    before: { 'x-kubernetes-int-or-string': true },
    after: integer,
    stored: '50%',
    touched: '60%',
    problems: [forgiven('spec.intOrString', 'expected integer, got string')],
  },
  {
    name: 'required',
    before: object({ a: integer, b: integer }),
    after: object({ a: integer, b: integer }, { required: ['b'] }),
    stored: { a: 1 },
    touched: { a: 2 },
    problems: [forgiven('spec.required.b', MISSING, 'spec.required')],
  },
  {
    name: 'requiredWithDefault',
    before: object({ a: integer, b: integer }),
    after: object({ a: integer, b: { ...integer, default: 7 } }, { required: ['b'] }),
    stored: { a: 1 },
    touched: { a: 2 },
    problems: [],
  },
  {
    name: 'requiredDeep',
    before: object({ a: object({ b: integer, c: integer }), other: integer }),
    after: object({ a: object({ b: integer, c: integer }, { required: ['c'] }), other: integer }),
    stored: { a: { b: 1 }, other: 1 },
    touched: { a: { b: 1 }, other: 2 },
    problems: [forgiven('spec.requiredDeep.a.c', MISSING, 'spec.requiredDeep.a')],
  },
  {
    name: 'itemInList',
    before: list(named),
    after: list(sized),
    stored: [{ name: 'x' }, { name: 'y', size: 1 }],
    touched: [{ name: 'x' }, { name: 'y', size: 2 }],
    problems: [forgiven('spec.itemInList[0].size', MISSING, 'spec.itemInList')],
  },
  {
    name: 'otherItemByKey',
    before: list(named, byName),
    after: list(sized, byName),
    stored: [{ name: 'x' }, { name: 'y', size: 1 }],
    touched: [{ name: 'x' }, { name: 'y', size: 2 }],
    problems: [forgiven('spec.otherItemByKey[0].size', MISSING, 'spec.otherItemByKey[0]')],
  },
  {
    name: 'itemByKey',
    before: list(object({ name: text, size: integer, colour: text }, { required: ['name'] }), byName),
    after: list(object({ name: text, size: integer, colour: text }, { required: ['name', 'size'] }), byName),
    stored: [{ name: 'x', colour: 'red' }],
    touched: [{ name: 'x', colour: 'blue' }],
    problems: [forgiven('spec.itemByKey[0].size', MISSING, 'spec.itemByKey[0]')],
  },
  {
    name: 'twiceInSet',
    before: list(text),
    after: list(text, { 'x-kubernetes-list-type': 'set' }),
    stored: ['a', 'a'],
    touched: ['a', 'a', 'b'],
    problems: [alwaysForgiven('spec.twiceInSet[1]', 'is the same as item 0')],
  },
  {
    name: 'twiceInMap',
    before: list(named),
    after: list(named, byName),
    stored: [{ name: 'x' }, { name: 'x', size: 2 }],
    touched: [{ name: 'x' }, { name: 'x', size: 3 }],
    problems: [alwaysForgiven('spec.twiceInMap[1]', 'has the same name as item 0')],
  },
  {
    name: 'minItems',
    before: list(text),
    after: list(text, { minItems: 3 }),
    stored: ['a'],
    touched: ['b'],
    problems: [forgiven('spec.minItems', 'has 1 items, needs at least 3')],
  },
  {
    name: 'maxProperties',
    before: { type: 'object', additionalProperties: integer },
    after: { type: 'object', additionalProperties: integer, maxProperties: 1 },
    stored: { a: 1, b: 1 },
    touched: { a: 1, b: 2 },
    problems: [forgiven('spec.maxProperties', 'has 2 keys, may have at most 1')],
  },
  {
    name: 'valueOfMap',
    before: { type: 'object', additionalProperties: integer },
    after: { type: 'object', additionalProperties: { ...integer, minimum: 10 } },
    stored: { a: 1, b: 20 },
    touched: { a: 1, b: 30 },
    problems: [forgiven('spec.valueOfMap[a]', '1 is less than 10')],
  },
  {
    name: 'sameValueOfMap',
    before: { type: 'object', additionalProperties: integer },
    after: { type: 'object', additionalProperties: { ...integer, minimum: 10 } },
    stored: { a: 1, b: 20 },
    touched: { a: 2, b: 20 },
    problems: [forgiven('spec.sameValueOfMap[a]', '1 is less than 10')],
  },
  {
    name: 'allOf',
    before: text,
    after: { ...text, allOf: [{ minLength: 2 }, { maxLength: 9 }] },
    stored: 'a',
    touched: 'b',
    problems: [forgiven('spec.allOf', 'has 1 characters, needs at least 2')],
  },
  {
    name: 'allOfDeep',
    before: object({ a: text, b: text }),
    after: object({ a: text, b: text }, { allOf: [{ properties: { a: { minLength: 2 } } }] }),
    stored: { a: 'x', b: 'y' },
    touched: { a: 'x', b: 'z' },
    problems: [forgiven('spec.allOfDeep.a', 'has 1 characters, needs at least 2', 'spec.allOfDeep')],
  },
  {
    name: 'anyOf',
    before: text,
    after: { ...text, anyOf: [{ minLength: 5 }, { enum: ['ok'] }] },
    stored: 'a',
    touched: 'b',
    problems: [forgiven('spec.anyOf', 'fits none of the alternatives of the schema')],
  },
  {
    name: 'oneOf',
    before: object({ a: text, b: text }),
    after: object({ a: text, b: text }, { oneOf: [{ required: ['a'] }, { required: ['b'] }] }),
    stored: { a: 'x', b: 'y' },
    touched: { a: 'x', b: 'z' },
    problems: [forgiven('spec.oneOf', 'does not fit exactly one of the alternatives of the schema')],
  },
  {
    name: 'not',
    before: text,
    after: { ...text, not: { enum: ['never'] } },
    stored: 'never',
    problems: [forgiven('spec.not', 'is what the schema rules out')],
  },
  {
    name: 'rule',
    before: text,
    after: { ...text, maxLength: 9, ...rule('self != "no"') },
    stored: 'no',
    problems: [forgiven('spec.rule', 'does not fulfil the rule self != "no"')],
  },
  {
    name: 'ruleInList',
    before: list(object({ a: integer })),
    after: list(object({ a: integer }, rule('self.a > 1')), { maxItems: 5 }),
    stored: [{ a: 1 }, { a: 5 }],
    touched: [{ a: 1 }, { a: 6 }],
    problems: [forgiven('spec.ruleInList[0]', 'does not fulfil the rule self.a > 1', 'spec.ruleInList')],
  },
  {
    name: 'ruleFails',
    before: object({ a: integer, b: integer }),
    after: object({ a: integer, b: integer }, rule('self.a > 1')),
    stored: { b: 1 },
    touched: { b: 2 },
    problems: [refused('spec.ruleFails', 'does not fulfil the rule self.a > 1 (the rule fails: no such key)')],
  },
  {
    name: 'ruleOfTwo',
    before: object({ a: integer, 'b-c': integer }),
    after: object({ a: integer, 'b-c': integer }, rule('self.a < self.b__dash__c')),
    stored: { a: 2, 'b-c': 1 },
    touched: { a: 3, 'b-c': 1 },
    problems: [forgiven('spec.ruleOfTwo', 'does not fulfil the rule self.a < self.b__dash__c')],
  },
  {
    name: 'removed',
    before: object({ a: text, b: text }),
    after: object({ a: text }),
    stored: { a: 'x', b: 'y' },
    problems: [dropped('spec.removed.b')],
  },
  {
    name: 'closed',
    before: open,
    after: object({ a: open }),
    stored: { a: { deep: { er: 1 } }, b: [{ c: 1 }] },
    problems: [dropped('spec.closed.b')],
  },
  {
    name: 'anyValues',
    before: open,
    after: { type: 'object', additionalProperties: true },
    stored: { a: 1, b: { c: 1 }, d: [{ e: 1 }, 2] },
    problems: [dropped('spec.anyValues[b].c'), dropped('spec.anyValues[d][0].e')],
  },
  {
    name: 'declared',
    before: open,
    after: { ...open, properties: { a: integer } },
    stored: { a: 'x', b: { c: 1 } },
    problems: [forgiven('spec.declared.a', 'expected integer, got string')],
  },
  {
    name: 'keptInList',
    before: open,
    after: object({ a: list({ ...open, properties: { b: object({ c: text }) } }) }),
    stored: { a: [{ b: { c: 'x', gone: 1 }, kept: 1 }] },
    problems: [dropped('spec.keptInList.a[0].b.gone')],
  },
  {
    name: 'embedded',
    before: open,
    after: { ...open, 'x-kubernetes-embedded-resource': true },
    stored: { data: 'x' },
    problems: [refused('spec.embedded.apiVersion', MISSING), refused('spec.embedded.kind', MISSING)],
  },
  {
    name: 'embeddedFits',
    before: open,
    after: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { data: text } },
    stored: { apiVersion: 'v1', kind: 'Thing', metadata: { labels: { a: 'b' } }, data: 'x', more: 1 },
    problems: [dropped('spec.embeddedFits.more')],
  },
  {
    name: 'nullGone',
    before: object({ a: { ...text, nullable: true }, b: text }),
    after: object({ a: text, b: text }, { required: ['a'] }),
    stored: { a: null, b: 'x' },
    touched: { b: 'y' },
    problems: [forgiven('spec.nullGone.a', MISSING, 'spec.nullGone')],
  },
  {
    name: 'nullWithDefault',
    before: object({ a: { ...text, nullable: true }, b: text }),
    after: object({ a: { ...text, default: 'z' }, b: text }, { required: ['a'] }),
    stored: { a: null, b: 'x' },
    problems: [],
  },
  {
    name: 'nullInList',
    before: list({ ...text, nullable: true }),
    after: list(text),
    stored: [null],
    touched: [null, 'a'],
    problems: [forgiven('spec.nullInList[0]', 'expected string, got null', 'spec.nullInList')],
  },
  {
    name: 'nullStays',
    before: { ...integer, nullable: true },
    after: { ...integer, nullable: true, anyOf: [{ minimum: 5 }, { enum: [1] }] },
    stored: null,
    problems: [],
  },
];
