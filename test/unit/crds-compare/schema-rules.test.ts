import { describe, expect, it } from 'vitest';
import { compareCrds } from '../../../src/crds/compare/compare.js';
import type { Schema } from '../../../src/crds/compare/crd.js';
import { changesBetween, crdWithField, crdWithSpec } from './samples.js';

const text: Schema = { type: 'string' };
const integer: Schema = { type: 'integer' };
const intOrString: Schema = { 'x-kubernetes-int-or-string': true };
const open: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const mapOf = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });
const listOf = (items: Schema, rest: Schema = {}): Schema => ({ type: 'array', items, ...rest });
const fields = (properties: Record<string, Schema>, rest: Schema = {}): Schema => ({
  type: 'object',
  properties,
  ...rest,
});
const rules = (...list: object[]): Schema => ({ ...text, 'x-kubernetes-validations': list as never });

/** From one schema of `spec.field` to another; expected is `rule rating`, at `spec.field` or at the path given. */
type Case = [what: string, before: Schema, after: Schema, expected: string[]];

const TYPES: Case[] = [
  ['integer to string', integer, text, ['type-changed breaking']],
  ['list to map', listOf(text), mapOf(text), ['type-changed breaking']],
  ['integer to number', integer, { type: 'number' }, ['type-widened safe']],
  ['number to integer', { type: 'number' }, integer, ['type-narrowed tightening']],
  ['integer to int-or-string', integer, intOrString, ['type-widened safe']],
  ['int-or-string to string', intOrString, text, ['type-narrowed tightening']],
  ['int-or-string to number', intOrString, { type: 'number' }, ['type-narrowed tightening']],
  ['anything to text', {}, text, ['type-narrowed tightening']],
  ['text to anything', text, {}, ['type-widened safe']],
  ['null no longer', { ...text, nullable: true }, text, ['nullable-removed tightening']],
  ['null from now on', text, { ...text, nullable: true }, ['nullable-added safe']],
  ['nullable spelled out', text, { ...text, nullable: false }, []],
];

const VALUES: Case[] = [
  ['enum added', text, { ...text, enum: ['a'] }, ['enum-added tightening']],
  ['enum removed', { ...text, enum: ['a'] }, text, ['enum-removed safe']],
  ['enum narrowed', { ...text, enum: ['a', 'b'] }, { ...text, enum: ['b', 'c'] }, ['enum-narrowed tightening']],
  ['enum widened', { ...text, enum: ['a'] }, { ...text, enum: ['b', 'a'] }, ['enum-widened safe']],
  ['enum in another order', { ...text, enum: ['a', 'b'] }, { ...text, enum: ['b', 'a'] }, []],
  ['pattern added', text, { ...text, pattern: '^/' }, ['pattern-added tightening']],
  ['pattern changed', { ...text, pattern: '^a' }, { ...text, pattern: '^b' }, ['pattern-changed tightening']],
  ['pattern removed', { ...text, pattern: '^a' }, text, ['pattern-removed safe']],
  [
    'pattern for text that there was none of',
    integer,
    { ...intOrString, pattern: '^[0-9]+%$' },
    ['type-widened safe', 'pattern-added safe'],
  ],
  ['checked format added', text, { ...text, format: 'uri' }, ['format-added tightening']],
  ['checked format changed', { ...text, format: 'ipv4' }, { ...text, format: 'ipv6' }, ['format-changed tightening']],
  ['format for clients', integer, { ...integer, format: 'int32' }, ['format-added safe']],
  ['format removed', { ...text, format: 'uri' }, text, ['format-removed safe']],
  ['default added', text, { ...text, default: 'a' }, ['default-added tightening']],
  ['default changed', { ...text, default: 'a' }, { ...text, default: 'b' }, ['default-changed tightening']],
  ['default removed', { ...text, default: 'a' }, text, ['default-removed tightening']],
  ['default with fields in another order', { default: { a: 1, b: 2 } }, { default: { b: 2, a: 1 } }, []],
  ['description', { ...text, description: 'Old.' }, { ...text, description: 'New.' }, []],
];

const BOUNDS: Case[] = [
  ['minimum added', integer, { ...integer, minimum: 0 }, ['bound-tightened tightening']],
  ['minimum raised', { ...integer, minimum: 0 }, { ...integer, minimum: 1 }, ['bound-tightened tightening']],
  ['minimum lowered', { ...integer, minimum: 1 }, { ...integer, minimum: 0 }, ['bound-loosened safe']],
  ['maximum lowered', { ...integer, maximum: 9 }, { ...integer, maximum: 8 }, ['bound-tightened tightening']],
  ['maximum removed', { ...integer, maximum: 9 }, integer, ['bound-loosened safe']],
  [
    'minimum exclusive',
    { ...integer, minimum: 1 },
    { ...integer, minimum: 1, exclusiveMinimum: true },
    ['bound-tightened tightening'],
  ],
  [
    'maximum inclusive',
    { ...integer, maximum: 1, exclusiveMaximum: true },
    { ...integer, maximum: 1 },
    ['bound-loosened safe'],
  ],
  ['minLength added', text, { ...text, minLength: 1 }, ['bound-tightened tightening']],
  ['minLength that says nothing', text, { ...text, minLength: 0 }, []],
  ['maxLength raised', { ...text, maxLength: 1 }, { ...text, maxLength: 2 }, ['bound-loosened safe']],
  ['minItems added', listOf(text), listOf(text, { minItems: 1 }), ['bound-tightened tightening']],
  ['maxItems added', listOf(text), listOf(text, { maxItems: 9 }), ['bound-tightened tightening']],
  ['maxProperties added', mapOf(text), { ...mapOf(text), maxProperties: 2 }, ['bound-tightened tightening']],
  ['minProperties removed', { ...mapOf(text), minProperties: 2 }, mapOf(text), ['bound-loosened safe']],
  ['bound of numbers for text', text, { ...intOrString, minimum: 1 }, ['type-widened safe', 'bound-tightened safe']],
  ['multipleOf added', integer, { ...integer, multipleOf: 2 }, ['bound-tightened tightening']],
  ['multipleOf a divisor', { ...integer, multipleOf: 4 }, { ...integer, multipleOf: 2 }, ['bound-loosened safe']],
  ['multipleOf another', { ...integer, multipleOf: 4 }, { ...integer, multipleOf: 3 }, ['bound-tightened tightening']],
];

const LISTS_AND_MAPS: Case[] = [
  ['set', listOf(text), listOf(text, { 'x-kubernetes-list-type': 'set' }), ['list-type-changed tightening']],
  ['atomic spelled out', listOf(text), listOf(text, { 'x-kubernetes-list-type': 'atomic' }), []],
  ['no set', listOf(text, { 'x-kubernetes-list-type': 'set' }), listOf(text), ['list-type-changed tightening']],
  [
    'other keys',
    listOf(fields({ a: text }), { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['a'] }),
    listOf(fields({ a: text }), { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['b'] }),
    ['list-keys-changed tightening'],
  ],
  ['atomic map', mapOf(text), { ...mapOf(text), 'x-kubernetes-map-type': 'atomic' }, ['map-type-changed tightening']],
  ['granular map', { ...mapOf(text), 'x-kubernetes-map-type': 'atomic' }, mapOf(text), ['map-type-changed safe']],
  ['items of a list', listOf(text), listOf({ ...text, minLength: 1 }), ['[] bound-tightened tightening']],
  ['values of a map', mapOf(text), mapOf({ ...text, minLength: 1 }), ['{} bound-tightened tightening']],
];

const FIELDS: Case[] = [
  ['field removed', fields({ a: text, b: text }), fields({ b: text }), ['.a field-removed breaking']],
  ['field added', fields({ a: text }), fields({ a: text, b: { ...text, default: 'x' } }), ['.b field-added safe']],
  ['field required', fields({ a: text }), fields({ a: text }, { required: ['a'] }), ['.a required-added breaking']],
  [
    'field required that has a default',
    fields({ a: { ...text, default: 'x' } }),
    fields({ a: { ...text, default: 'x' } }, { required: ['a'] }),
    ['.a required-added safe'],
  ],
  [
    'field no longer required',
    fields({ a: text }, { required: ['a'] }),
    fields({ a: text }),
    ['.a required-removed safe'],
  ],
  ['required field removed', fields({ a: text }, { required: ['a'] }), fields({}), ['.a field-removed breaking']],
  [
    'required order',
    fields({ a: text, b: text }, { required: ['a', 'b'] }),
    fields({ a: text, b: text }, { required: ['b', 'a'] }),
    [],
  ],
  ['unknown fields dropped', open, { type: 'object' }, ['unknown-fields-dropped breaking']],
  ['unknown fields kept', { type: 'object' }, open, ['unknown-fields-kept safe']],
  ['field declared', open, { ...open, properties: { a: text } }, ['.a field-declared tightening']],
  ['field undeclared', { ...open, properties: { a: text } }, open, ['.a field-undeclared safe']],
  ['map values removed', mapOf(text), { type: 'object' }, ['{} map-values-removed breaking']],
  ['map values added', { type: 'object' }, mapOf(text), ['{} map-values-added safe']],
  ['map values declared', open, mapOf(text), ['unknown-fields-dropped breaking', '{} map-values-declared tightening']],
  [
    'fields become keys of a map',
    fields({ a: text, b: integer }),
    mapOf({ ...text, minLength: 1 }),
    ['{} map-values-added safe', '.a bound-tightened tightening', '.b type-changed breaking'],
  ],
  [
    'keys of a map become fields',
    mapOf(text),
    fields({ a: { ...text, minLength: 1 } }),
    ['{} map-values-removed breaking', '.a bound-tightened tightening'],
  ],
  [
    'values of every kind become text',
    { type: 'object', additionalProperties: true },
    mapOf(text),
    ['{} map-values-declared tightening'],
  ],
  [
    'only values are kept, not what is in them',
    open,
    { type: 'object', additionalProperties: true },
    ['unknown-fields-dropped breaking'],
  ],
  [
    'fields become keys with any value',
    fields({ a: text, b: fields({ c: text }) }),
    { type: 'object', additionalProperties: true },
    ['unknown-fields-kept safe', '.a field-undeclared safe', '.b field-removed breaking'],
  ],
  [
    'maps become any value',
    mapOf(mapOf(text)),
    { type: 'object', additionalProperties: true },
    ['{} map-values-removed breaking', 'unknown-fields-kept safe'],
  ],
  [
    'must be a resource',
    open,
    { ...open, 'x-kubernetes-embedded-resource': true },
    ['embedded-resource-added tightening'],
  ],
  [
    'need not be a resource',
    { ...open, 'x-kubernetes-embedded-resource': true },
    open,
    ['embedded-resource-removed safe'],
  ],
  [
    'is no resource',
    { type: 'object', 'x-kubernetes-embedded-resource': true },
    fields({ kind: text }),
    ['embedded-resource-removed breaking', '.kind field-added safe'],
  ],
  ['field called like a keyword', fields({ constructor: text }), fields({}), ['.constructor field-removed breaking']],
];

const CONDITIONS: Case[] = [
  ['allOf added', text, { ...text, allOf: [{ minLength: 1 }] }, ['all-of-changed tightening']],
  [
    'allOf without one',
    { ...text, allOf: [{ minLength: 1 }, { enum: ['a'] }] },
    { ...text, allOf: [{ enum: ['a'] }] },
    ['all-of-loosened safe'],
  ],
  [
    'anyOf with one more',
    { ...text, anyOf: [{ enum: ['a'] }] },
    { ...text, anyOf: [{ enum: ['b'] }, { enum: ['a'] }] },
    ['any-of-loosened safe'],
  ],
  ['anyOf added', text, { ...text, anyOf: [{ enum: ['a'] }] }, ['any-of-changed tightening']],
  ['anyOf removed', { ...text, anyOf: [{ enum: ['a'] }] }, text, ['any-of-loosened safe']],
  [
    'anyOf that int-or-string implies',
    intOrString,
    { ...intOrString, anyOf: [{ type: 'integer' }, { type: 'string' }] },
    [],
  ],
  [
    'oneOf changed',
    { ...text, oneOf: [{ enum: ['a'] }] },
    { ...text, oneOf: [{ enum: ['b'] }] },
    ['one-of-changed tightening'],
  ],
  ['oneOf removed', { ...text, oneOf: [{ enum: ['a'] }] }, text, ['one-of-removed safe']],
  ['not added', text, { ...text, not: { enum: ['a'] } }, ['not-changed tightening']],
  ['not removed', { ...text, not: { enum: ['a'] } }, text, ['not-removed safe']],
  [
    'description in a condition',
    fields({ description: text }, { allOf: [{ properties: { description: { minLength: 1, description: 'Old.' } } }] }),
    fields({ description: text }, { allOf: [{ properties: { description: { minLength: 1 } } }] }),
    [],
  ],
  ['rule added', text, rules({ rule: 'self != ""' }), ['validation-added tightening']],
  ['rule removed', rules({ rule: 'self != ""' }), text, ['validation-removed safe']],
  [
    'rule changed',
    rules({ rule: 'self != ""', message: 'must be set' }),
    rules({ rule: 'size(self) > 0', message: 'must be set' }),
    ['validation-changed tightening'],
  ],
  [
    'rule with another message',
    rules({ rule: 'self != ""' }),
    rules({ rule: 'self != ""', message: 'must be set' }),
    [],
  ],
  [
    'rules in another order',
    rules({ rule: 'self != "a"' }, { rule: 'self != "b"' }),
    rules({ rule: 'self != "b"' }, { rule: 'self != "a"' }),
    [],
  ],
];

describe.each([
  ['types', TYPES],
  ['values', VALUES],
  ['bounds', BOUNDS],
  ['lists and maps', LISTS_AND_MAPS],
  ['fields', FIELDS],
  ['conditions', CONDITIONS],
])('changes of %s', (_, cases) => {
  it.each(cases)('%s', (_what, before, after, expected) => {
    const paths = expected.map((line) => (/^[.[{]/.test(line) ? `v1: spec.field${line}` : `v1: spec.field ${line}`));
    expect(changesBetween(crdWithField(before), crdWithField(after))).toEqual(paths);
    expect(changesBetween(crdWithField(before), crdWithField(before))).toEqual([]);
  });
});

describe('changes in a schema', () => {
  it('are not looked for where the type is another, and nothing is left to compare', () => {
    const before = crdWithField(fields({ a: text }, { required: ['a'] }));
    expect(changesBetween(before, crdWithField({ ...text, minLength: 1 }))).toEqual([
      'v1: spec.field type-changed breaking',
    ]);
  });

  it('have values before and after', () => {
    const [change] = compareCrds(crdWithField(listOf(integer)), crdWithField(mapOf(intOrString)));
    expect(change).toEqual({
      path: 'v1: spec.field',
      rule: 'type-changed',
      rating: 'breaking',
      message: 'no value of the old type is valid any more',
      before: 'list of integer',
      after: 'map of integer or string',
    });
  });

  it('are named at the resource itself where they are there', () => {
    const before = crdWithSpec(text);
    const after = structuredClone(before);
    const [{ schema }] = (after['spec'] as { versions: [{ schema: { openAPIV3Schema: Schema } }] }).versions;
    schema.openAPIV3Schema['x-kubernetes-validations'] = [{ rule: 'has(self.spec)' }];
    schema.openAPIV3Schema.required = ['spec'];
    schema.openAPIV3Schema.properties!['metadata'] = { type: 'object' };
    expect(changesBetween(before, after)).toEqual([
      'v1 validation-added tightening',
      'v1: spec required-added breaking',
    ]);
  });
});
