import type { Schema } from '../compare/crd.js';
import type { Steps } from './place.js';
import { follow, planFor } from './plan.js';

export interface Duplicate {
  /** Of the second item that has the key. */
  steps: Steps;
  message: string;
}

type JsonMap = Record<string, unknown>;

/** Finds items that are there twice in lists that are sets or maps to the API server. */
export function duplicateFinder(schema: Schema): (resource: object) => Duplicate[] {
  const plan = planFor(schema, (part) => {
    const type = part['x-kubernetes-list-type'];
    if (type === 'set') return [];
    return type === 'map' ? part['x-kubernetes-list-map-keys'] : undefined;
  });
  if (plan === undefined) return () => [];
  return (resource) => {
    const found: Duplicate[] = [];
    follow(plan, resource, (keys, list, steps) => {
      if (Array.isArray(list)) found.push(...duplicatesIn(list, keys, steps));
    });
    return found;
  };
}

/** @param keys by which the items are told apart; none for a set, where the whole item counts */
function duplicatesIn(list: readonly unknown[], keys: readonly string[], steps: Steps): Duplicate[] {
  if (list.length < 2) return [];
  const first = new Map<string, number>();
  return list.flatMap((item, index) => {
    const key = keys.length === 0 ? canonical(item) : keyOf(item, keys);
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, index);
      return [];
    }
    const what = keys.length === 0 ? 'is the same as' : `has the same ${keys.join(' and ')} as`;
    return [{ steps: [...steps, index], message: `${what} item ${earlier}` }];
  });
}

/** A missing key and a missing item are keys like any other. */
function keyOf(item: unknown, keys: readonly string[]): string {
  const map = (item ?? {}) as JsonMap;
  return keys.map((key) => canonical(map[key])).join(',');
}

/** The value as text, the same for maps that differ in the order of their keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`;
}
