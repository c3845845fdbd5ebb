import { isDeepStrictEqual } from 'node:util';
import type { CrdChange } from '../change.js';
import { kindsOf } from './kinds.js';
import { changeAt, type SchemaPair } from './pair.js';
import { isCheckedFormat } from './checked-formats.js';

/** Values that are listed one by one. */
export function enumChanges(pair: SchemaPair): CrdChange[] {
  const [old, next] = [listed(pair.before.enum), listed(pair.after.enum)];
  const values = { before: old, after: next };
  if (old === undefined || next === undefined) {
    if (old === next) return [];
    return next === undefined
      ? [changeAt(pair, 'enum-removed', 'safe', 'any value is valid', values)]
      : [changeAt(pair, 'enum-added', 'tightening', `only ${listOf(next)} are valid`, values)];
  }
  const [gone, come] = [without(old, next), without(next, old)];
  if (gone.length > 0)
    return [changeAt(pair, 'enum-narrowed', 'tightening', `no longer valid: ${listOf(gone)}`, values)];
  return come.length === 0 ? [] : [changeAt(pair, 'enum-widened', 'safe', `valid too: ${listOf(come)}`, values)];
}

/** Another pattern counts as a tighter one: whether it is cannot be told in general. */
export function patternChanges(pair: SchemaPair): CrdChange[] {
  const [old, next] = [pair.before.pattern || undefined, pair.after.pattern || undefined];
  if (old === next) return [];
  const values = { before: old, after: next };
  if (next === undefined) return [changeAt(pair, 'pattern-removed', 'safe', 'any text is valid', values)];
  const rule = old === undefined ? 'pattern-added' : 'pattern-changed';
  return kindsOf(pair.before).includes('string')
    ? [changeAt(pair, rule, 'tightening', 'text that does not match the pattern is no longer valid', values)]
    : [changeAt(pair, rule, 'safe', 'the pattern is for text, and there was none', values)];
}

/** The API server validates some formats; any other, such as int32, only tells clients what to expect. */
export function formatChanges(pair: SchemaPair): CrdChange[] {
  const [old, next] = [pair.before.format || undefined, pair.after.format || undefined];
  if (old === next) return [];
  const values = { before: old, after: next };
  if (next === undefined) return [changeAt(pair, 'format-removed', 'safe', 'any text is valid', values)];
  const rule = old === undefined ? 'format-added' : 'format-changed';
  return isCheckedFormat(next) && kindsOf(pair.before).includes('string')
    ? [changeAt(pair, rule, 'tightening', 'text of another format is no longer valid', values)]
    : [changeAt(pair, rule, 'safe', 'a hint for clients, which the API server does not check', values)];
}

/**
 * No default makes a stored value invalid, and the value filled in when a resource is created is stored with it. But a resource
 * that lacks the field, because it is older than the default, is read with another value from one moment to the next, and what
 * is created from now on behaves differently. That deserves a look: hence `tightening`, as crdify and kapp have it.
 */
export function defaultChanges(pair: SchemaPair): CrdChange[] {
  const [old, next] = [pair.before.default, pair.after.default];
  if (isDeepStrictEqual(old, next)) return [];
  const values = { before: old, after: next };
  if (old === undefined) {
    return [
      changeAt(pair, 'default-added', 'tightening', 'resources without the field behave as if it were set', values),
    ];
  }
  const message =
    next === undefined
      ? 'new resources, and stored ones that were read with the default, have no value'
      : 'new resources, and stored ones that were read with the old default, behave differently';
  return [changeAt(pair, next === undefined ? 'default-removed' : 'default-changed', 'tightening', message, values)];
}

/** An empty list of values is none to the API server. */
function listed(values: unknown[] | undefined): unknown[] | undefined {
  return values?.length === 0 ? undefined : values;
}

function without(values: unknown[], others: unknown[]): unknown[] {
  return values.filter((value) => !others.some((other) => isDeepStrictEqual(value, other)));
}

function listOf(values: unknown[]): string {
  return values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(', ');
}
