import { isDeepStrictEqual } from 'node:util';
import type { CrdChange } from '../change.js';
import { changeAt, type SchemaPair } from './pair.js';

/**
 * How server-side apply merges a list: as a whole (atomic), as a set, or item by item (map). Sets and maps know no duplicates,
 * which an atomic list may hold; and whoever applied single items owns the whole list afterwards, or the other way round.
 */
export function listTypeChanges(pair: SchemaPair): CrdChange[] {
  const [old, next] = [pair.before, pair.after].map((schema) => schema['x-kubernetes-list-type'] ?? 'atomic');
  if (old !== next) {
    const message =
      next === 'atomic'
        ? 'whoever applies the list replaces all of it, items of others included'
        : 'items that are there twice are no longer valid, and the list is merged item by item';
    return [changeAt(pair, 'list-type-changed', 'tightening', message, { before: old, after: next })];
  }
  const keys = [pair.before, pair.after].map((schema) => schema['x-kubernetes-list-map-keys'] ?? []);
  if (isDeepStrictEqual([...keys[0]!].sort(), [...keys[1]!].sort())) return [];
  const message = 'items are told apart by other fields: two of them may be the same now';
  return [changeAt(pair, 'list-keys-changed', 'tightening', message, { before: keys[0], after: keys[1] })];
}

/** How server-side apply merges a map: field by field (granular) or as a whole (atomic). */
export function mapTypeChanges(pair: SchemaPair): CrdChange[] {
  const [old, next] = [pair.before, pair.after].map((schema) => schema['x-kubernetes-map-type'] ?? 'granular');
  if (old === next) return [];
  const values = { before: old, after: next };
  return next === 'atomic'
    ? [
        changeAt(
          pair,
          'map-type-changed',
          'tightening',
          'whoever applies the map replaces all of it, fields of others included',
          values,
        ),
      ]
    : [changeAt(pair, 'map-type-changed', 'safe', 'the map is merged field by field', values)];
}
