import type { CrdChange } from '../change.js';
import { kindsOf, typeOf } from './kinds.js';
import { changeAt, type SchemaPair } from './pair.js';

/** Whether no value of the old type is one of the new: what is below has nothing in common then. */
export function isOtherType({ before, after }: SchemaPair): boolean {
  const next = kindsOf(after);
  return !kindsOf(before).some((kind) => next.includes(kind));
}

/** Narrower, wider or another type; `integer` to `number` and to `integer or string` are wider. */
export function typeChanges(pair: SchemaPair): CrdChange[] {
  const [old, next] = [kindsOf(pair.before), kindsOf(pair.after)];
  const values = { before: typeOf(pair.before), after: typeOf(pair.after) };
  if (isOtherType(pair)) {
    return [changeAt(pair, 'type-changed', 'breaking', 'no value of the old type is valid any more', values)];
  }
  if (old.some((kind) => !next.includes(kind))) {
    return [changeAt(pair, 'type-narrowed', 'tightening', 'some values of the old type are no longer valid', values)];
  }
  return next.length === old.length
    ? []
    : [changeAt(pair, 'type-widened', 'safe', 'more types of values are valid', values)];
}

/** Null for a field that may no longer be null counts as a missing field: the default takes its place, if there is one. */
export function nullableChanges(pair: SchemaPair): CrdChange[] {
  const { before, after } = pair;
  if ((before.nullable ?? false) === (after.nullable ?? false)) return [];
  return after.nullable
    ? [changeAt(pair, 'nullable-added', 'safe', 'null is valid')]
    : [changeAt(pair, 'nullable-removed', 'tightening', 'null is no longer valid and counts as a missing field')];
}
