import type { CrdChange } from '../change.js';
import type { Schema } from '../crd.js';
import { boundChanges, multipleOfChanges } from './bounds.js';
import { combinationChanges } from './combinations.js';
import {
  embeddedResourceChanges,
  fieldChanges,
  fieldNames,
  fieldSchema,
  requiredChanges,
  unknownFieldChanges,
} from './fields.js';
import { listTypeChanges, mapTypeChanges } from './lists.js';
import { fieldPath, type SchemaPair, type SchemaRule } from './pair.js';
import { isOtherType, nullableChanges, typeChanges } from './types.js';
import { validationChanges } from './validations.js';
import { defaultChanges, enumChanges, formatChanges, patternChanges } from './values.js';

/** In the order in which a reader wants to know: what the value is, what it may be, what is in it. */
const RULES: readonly SchemaRule[] = [
  typeChanges,
  nullableChanges,
  defaultChanges,
  enumChanges,
  formatChanges,
  patternChanges,
  boundChanges,
  multipleOfChanges,
  combinationChanges,
  validationChanges,
  listTypeChanges,
  mapTypeChanges,
  embeddedResourceChanges,
  unknownFieldChanges,
  fieldChanges,
  requiredChanges,
];

/** The changes from one schema of a version to another, from the top down. */
export function compareSchemas(version: string, before: Schema, after: Schema): CrdChange[] {
  return changesBelow({ version, path: '', before, after });
}

function changesBelow(pair: SchemaPair): CrdChange[] {
  if (isOtherType(pair)) return typeChanges(pair);
  return [...RULES.flatMap((rule) => rule(pair)), ...partsOf(pair).flatMap(changesBelow)];
}

/** The parts both sides describe. A property on one side may be one of the values of a map on the other. */
function partsOf(pair: SchemaPair): SchemaPair[] {
  const { version, path, before, after } = pair;
  const part = (place: string, old: Schema | undefined, next: Schema | undefined): SchemaPair[] =>
    old === undefined || next === undefined ? [] : [{ version, path: place, before: old, after: next }];
  return [
    ...fieldNames(pair).flatMap((name) =>
      part(fieldPath(path, name), fieldSchema(before, name), fieldSchema(after, name)),
    ),
    ...part(`${path}{}`, mapOf(before), mapOf(after)),
    ...part(`${path}[]`, before.items, after.items),
  ];
}

function mapOf({ additionalProperties }: Schema): Schema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}
