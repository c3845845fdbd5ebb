import { acceptsType, describeExpected, describeFound } from './describe.js';
import { branchesOf, schemaAt } from './schema.js';
import type { Schema } from './schema.js';
import { formatPath, isMap, valueAt } from './value.js';
import type { ValuePath, Values } from './value.js';

/** One error of ajv, as far as it is used. */
export interface SchemaViolation {
  /** JSON pointer to the data. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  /** Set on errors about a key itself. */
  readonly propertyName?: string;
}

export interface WrongValue {
  readonly path: ValuePath;
  readonly message: string;
}

interface Violation extends SchemaViolation {
  readonly path: ValuePath;
}

/** Keywords that a description of the schema covers; for others ajv's own words are used. */
const DESCRIBED = new Set([
  ...['type', 'enum', 'const', 'format', 'anyOf', 'oneOf', 'minLength'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
]);

/**
 * Turns ajv's errors into one statement per value: keys the schema does not have, and values that are not what it asks for.
 * The alternatives of an `anyOf`, of which ajv reports every one, become one sentence; where the value's type tells which of
 * them was meant, only what is wrong with that one is said.
 */
export function groupViolations(
  errors: readonly SchemaViolation[],
  values: Values,
  schema: Schema,
): { unknown: ValuePath[]; wrong: WrongValue[] } {
  const violations = errors
    .filter(({ propertyName, keyword }) => propertyName === undefined || keyword === 'propertyNames')
    .map((error): Violation => ({ ...error, path: pathOf(error.instancePath, values) }));
  const relevant = withoutOtherBranches(violations, values, schema);
  const wrong = new Map<string, WrongValue>();
  const unknown = new Map<string, ValuePath>();
  for (const violation of relevant) {
    const { keyword, path, params } = violation;
    if (keyword === 'additionalProperties') {
      const key = [...path, String(params['additionalProperty'])];
      unknown.set(formatPath(key), key);
      continue;
    }
    const found = describeViolation(violation, values, schema);
    if (!wrong.has(formatPath(found.path))) wrong.set(formatPath(found.path), found);
  }
  return { unknown: [...unknown.values()], wrong: [...wrong.values()] };
}

/** Drops what was reported inside the alternatives of an `anyOf` that the value cannot have been meant for. */
function withoutOtherBranches(violations: readonly Violation[], values: Values, schema: Schema): Violation[] {
  const alternatives = violations
    .filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
    .map(({ path }) => ({
      path,
      isMeantClear: meantBranch(path, values, schema) !== undefined,
      isWrongInside: violations.some((other) => isInside(other.path, path)),
    }));
  return violations.filter(({ path }) =>
    alternatives.every((alternative) => {
      if (isInside(path, alternative.path)) return alternative.isMeantClear;
      const isAlternative = path.length === alternative.path.length && startsWith(path, alternative.path);
      return !isAlternative || !alternative.isMeantClear || !alternative.isWrongInside;
    }),
  );
}

/** The one alternative whose type is that of the value. */
function meantBranch(path: ValuePath, values: Values, schema: Schema): Schema | undefined {
  const value = valueAt(values, path);
  const fitting = branchesOf(schemaAt(schema, path) ?? {}).filter((branch) => acceptsType(branch, value));
  return fitting.length === 1 ? fitting[0] : undefined;
}

function describeViolation(violation: Violation, values: Values, schema: Schema): WrongValue {
  const { keyword, path, params, message = 'is not valid' } = violation;
  if (keyword === 'required') {
    const missing = [...path, String(params['missingProperty'])];
    return {
      path: missing,
      message: `${formatPath(missing)} must have a value: it cannot be left out or removed with null`,
    };
  }
  const place = schemaAt(schema, path);
  if (keyword === 'propertyNames') {
    const key = String(params['propertyName']);
    const names = isMap(place?.['propertyNames']) ? place['propertyNames'] : {};
    const expected = describeExpected({ type: 'string', ...names });
    return { path: [...path, key], message: `${formatPath(path)}: the key ${JSON.stringify(key)} must be ${expected}` };
  }
  const value = valueAt(values, path);
  if (place === undefined || !DESCRIBED.has(keyword)) return { path, message: `${formatPath(path)} ${message}` };
  const asked = meantBranch(path, values, schema) ?? place;
  const hint = hintFor(asked, value, path, schema);
  return {
    path,
    message: `${formatPath(path)} must be ${describeExpected(asked)}, not ${describeFound(value, place)}${hint}`,
  };
}

/** The two slips that Helm's own grammar invites. */
function hintFor(asked: Schema, value: unknown, path: ValuePath, schema: Schema): string {
  if (asked['type'] !== 'string') return '';
  if (typeof value === 'number' || typeof value === 'boolean') return ' (put it in quotes, or use --set-string)';
  const around = schemaAt(schema, path.slice(0, -1));
  const freeKeys = isMap(around?.['additionalProperties']);
  return isMap(value) && freeKeys ? ' (on the command line a dot inside a key is written \\.)' : '';
}

function isInside(path: ValuePath, around: ValuePath): boolean {
  return path.length > around.length && startsWith(path, around);
}

function startsWith(path: ValuePath, start: ValuePath): boolean {
  return start.every((segment, index) => path[index] === segment);
}

/** Segments of a JSON pointer, indexes of lists as numbers. */
function pathOf(pointer: string, values: Values): ValuePath {
  const path: (string | number)[] = [];
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(valueAt(values, path)) ? Number(key) : key);
  }
  return path;
}
