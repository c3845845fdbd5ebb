import { change, type CrdChange, type Rating } from '../change.js';
import type { Schema } from '../crd.js';

/** One place of a version's schema, as it is and as it is to be. */
export interface SchemaPair {
  version: string;
  /** `spec.rules[].name`, with `{}` for the values of a map; empty for the resource itself. */
  path: string;
  before: Schema;
  after: Schema;
}

/** Finds the changes of one kind at one place; never looks below it. */
export type SchemaRule = (pair: SchemaPair) => CrdChange[];

/** A change at the place of the pair. */
export function changeAt(
  { version, path }: Pick<SchemaPair, 'version' | 'path'>,
  rule: string,
  rating: Rating,
  message: string,
  values?: { before?: unknown; after?: unknown },
): CrdChange {
  return change(path === '' ? version : `${version}: ${path}`, rule, rating, message, values);
}

export function fieldPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
