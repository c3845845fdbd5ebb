import type { Schema } from '../crd.js';

/** Kinds of JSON values that do not overlap: every integer is a number, the other numbers are `fraction`. */
export type ValueKind = 'string' | 'integer' | 'fraction' | 'boolean' | 'object' | 'array';

const ALL: readonly ValueKind[] = ['string', 'integer', 'fraction', 'boolean', 'object', 'array'];

/** Kinds of values that fit the type of a schema; all of them where it has none. */
export function kindsOf(schema: Schema): readonly ValueKind[] {
  if (schema['x-kubernetes-int-or-string']) return ['integer', 'string'];
  if (schema.type === undefined) return ALL;
  return schema.type === 'number' ? ['integer', 'fraction'] : [schema.type as ValueKind];
}

/** The type in words: `integer`, `integer or string`, `list of string`, `map of object`, `any value`. */
export function typeOf(schema: Schema): string {
  if (schema['x-kubernetes-int-or-string']) return 'integer or string';
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  const values = schema.additionalProperties;
  if (schema.type === 'object' && typeof values === 'object') return `map of ${typeOf(values)}`;
  return schema.type ?? 'any value';
}
