import type { CrdChange } from '../change.js';
import type { Schema } from '../crd.js';
import { kindsOf, type ValueKind } from './kinds.js';
import { changeAt, type SchemaPair } from './pair.js';

interface Bound {
  keyword: string;
  /** 1 for an upper bound, -1 for a lower one: `direction * limit` shrinks as the bound gets tighter. */
  direction: 1 | -1;
  kinds: readonly ValueKind[];
  /** A second keyword, by which the limit itself is outside. */
  exclusive?: string;
}

const NUMBERS: readonly ValueKind[] = ['integer', 'fraction'];

const BOUNDS: readonly Bound[] = [
  { keyword: 'minimum', direction: -1, kinds: NUMBERS, exclusive: 'exclusiveMinimum' },
  { keyword: 'maximum', direction: 1, kinds: NUMBERS, exclusive: 'exclusiveMaximum' },
  { keyword: 'minLength', direction: -1, kinds: ['string'] },
  { keyword: 'maxLength', direction: 1, kinds: ['string'] },
  { keyword: 'minItems', direction: -1, kinds: ['array'] },
  { keyword: 'maxItems', direction: 1, kinds: ['array'] },
  { keyword: 'minProperties', direction: -1, kinds: ['object'] },
  { keyword: 'maxProperties', direction: 1, kinds: ['object'] },
];

/** Limits of numbers, lengths and sizes that come nearer or go away. */
export function boundChanges(pair: SchemaPair): CrdChange[] {
  return BOUNDS.flatMap((bound) => boundChange(pair, bound));
}

function boundChange(pair: SchemaPair, bound: Bound): CrdChange[] {
  const [old, next] = [strictness(pair.before, bound), strictness(pair.after, bound)];
  if (old.limit === next.limit && old.exclusive === next.exclusive) return [];
  const values = { before: inWords(pair.before, bound), after: inWords(pair.after, bound) };
  const applies = kindsOf(pair.before).some((kind) => bound.kinds.includes(kind));
  const tighter = next.limit < old.limit || (next.limit === old.limit && next.exclusive);
  if (!tighter) return [changeAt(pair, 'bound-loosened', 'safe', `${bound.keyword}: more values are valid`, values)];
  return applies
    ? [changeAt(pair, 'bound-tightened', 'tightening', `${bound.keyword}: fewer values are valid`, values)]
    : [changeAt(pair, 'bound-tightened', 'safe', `${bound.keyword}: does not concern values of the old type`, values)];
}

/** The smaller the limit, the tighter; infinite without one, and where it is one that everything fulfils. */
function strictness(schema: Schema, { keyword, direction, exclusive }: Bound): { limit: number; exclusive: boolean } {
  const limit = schema[keyword];
  if (typeof limit !== 'number' || (limit === 0 && direction === -1 && exclusive === undefined)) {
    return { limit: Infinity, exclusive: false };
  }
  return { limit: direction * limit, exclusive: exclusive !== undefined && schema[exclusive] === true };
}

function inWords(schema: Schema, { keyword, direction, exclusive }: Bound): unknown {
  const limit = schema[keyword];
  if (limit === undefined || exclusive === undefined || schema[exclusive] !== true) return limit;
  return `${direction === 1 ? 'less' : 'more'} than ${String(limit)}`;
}

/** A multiple of 4 is one of 2 too; any other new factor rules something out. */
export function multipleOfChanges(pair: SchemaPair): CrdChange[] {
  const [old, next] = [pair.before['multipleOf'], pair.after['multipleOf']] as (number | undefined)[];
  if (old === next) return [];
  const values = { before: old, after: next };
  const looser = next === undefined || (old !== undefined && Number.isInteger(old / next));
  if (looser) return [changeAt(pair, 'bound-loosened', 'safe', 'multipleOf: more values are valid', values)];
  return kindsOf(pair.before).some((kind) => NUMBERS.includes(kind))
    ? [changeAt(pair, 'bound-tightened', 'tightening', 'multipleOf: fewer values are valid', values)]
    : [changeAt(pair, 'bound-tightened', 'safe', 'multipleOf: does not concern values of the old type', values)];
}
