import { isDeepStrictEqual } from 'node:util';
import type { CrdChange } from '../change.js';
import type { Schema } from '../crd.js';
import { changeAt, type SchemaPair } from './pair.js';

/** What the API server adds to every int-or-string itself. */
const INT_OR_STRING = [{ type: 'integer' }, { type: 'string' }];

/** Keywords that only inform. */
const INFORMING = ['description', 'title', 'example', 'externalDocs'];

/**
 * allOf, anyOf, oneOf and not, compared as wholes: one condition more in allOf is tighter, one alternative more in anyOf looser;
 * what another change comes to cannot be told in general, and counts as tighter.
 */
export function combinationChanges(pair: SchemaPair): CrdChange[] {
  return [...allOfChanges(pair), ...anyOfChanges(pair), ...otherChanges(pair, 'oneOf'), ...otherChanges(pair, 'not')];
}

function allOfChanges(pair: SchemaPair): CrdChange[] {
  const { old, next, same } = sides(pair, 'allOf');
  if (same) return [];
  return next.every((condition) => includes(old, condition))
    ? [changeAt(pair, 'all-of-loosened', 'safe', 'allOf: fewer conditions', { before: old, after: next })]
    : [
        changeAt(pair, 'all-of-changed', 'tightening', 'allOf: other conditions than before', {
          before: old,
          after: next,
        }),
      ];
}

function anyOfChanges(pair: SchemaPair): CrdChange[] {
  const { old, next, same } = sides(pair, 'anyOf');
  if (same) return [];
  const values = { before: old, after: next };
  const looser = next.length === 0 || (old.length > 0 && old.every((alternative) => includes(next, alternative)));
  return looser
    ? [changeAt(pair, 'any-of-loosened', 'safe', 'anyOf: more alternatives', values)]
    : [changeAt(pair, 'any-of-changed', 'tightening', 'anyOf: other alternatives than before', values)];
}

function otherChanges(pair: SchemaPair, keyword: 'oneOf' | 'not'): CrdChange[] {
  const { old, next, same } = sides(pair, keyword);
  if (same) return [];
  const name = keyword === 'oneOf' ? 'one-of' : 'not';
  const values = { before: old, after: next };
  return next.length === 0
    ? [changeAt(pair, `${name}-removed`, 'safe', `${keyword}: the condition is gone`, values)]
    : [changeAt(pair, `${name}-changed`, 'tightening', `${keyword}: another condition than before`, values)];
}

function sides(
  pair: SchemaPair,
  keyword: 'allOf' | 'anyOf' | 'oneOf' | 'not',
): { old: unknown[]; next: unknown[]; same: boolean } {
  const [old, next] = [pair.before, pair.after].map((schema) => conditionsOf(schema, keyword));
  const same = old!.length === next!.length && old!.every((condition) => includes(next!, condition));
  return { old: old!, next: next!, same };
}

function conditionsOf(schema: Schema, keyword: 'allOf' | 'anyOf' | 'oneOf' | 'not'): unknown[] {
  const value = schema[keyword];
  if (value === undefined) return [];
  const conditions = [value].flat().map(withoutDescriptions);
  const implied =
    keyword === 'anyOf' && schema['x-kubernetes-int-or-string'] && isDeepStrictEqual(conditions, INT_OR_STRING);
  return implied ? [] : conditions;
}

function withoutDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescriptions);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, text]) => !(INFORMING.includes(key) && typeof text === 'string'));
  return Object.fromEntries(entries.map(([key, part]) => [key, withoutDescriptions(part)]));
}

function includes(conditions: unknown[], condition: unknown): boolean {
  return conditions.some((other) => isDeepStrictEqual(other, condition));
}
