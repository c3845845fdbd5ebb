import type { UserValues } from './read.js';
import { schemaAt, isClosed, propertiesOf } from './schema.js';
import type { Schema } from './schema.js';
import { suggestFor } from './nearest.js';
import { formatPath, isMap, valueAt } from './value.js';
import type { ValuePath, Values } from './value.js';
import { groupViolations } from './violations.js';
import type { SchemaViolation } from './violations.js';

/** A compiled schema: `true` for valid data, else what is wrong in `errors` until the next call. Made by `compileSchema`. */
export interface ValidateFunction {
  (data: unknown): boolean;
  errors?: readonly SchemaViolation[] | null;
}

export interface ValuesSpec {
  readonly defaults: Values;
  readonly schema: Schema;
  readonly validate: ValidateFunction;
}

/** Something wrong with a value. */
export interface Finding {
  readonly path: ValuePath;
  /** `values.yaml:12:5`, `--set networking.kthenaRouter.port`; `undefined` where the user set nothing there. */
  readonly place: string | undefined;
  /** Names the value's path, what it must be and what it is; for an unknown key what may have been meant. */
  readonly message: string;
}

/** A file that is no values file at all has thousands, and looking for what each may have meant takes its time. */
const MAX_UNKNOWN = 100;

/**
 * Checks the effective values against the schema and finds everything that is wrong in one go.
 *
 * A key that the schema does not have is a finding, with `skipSchemaValidation` only a warning; wrong types and ranges are
 * findings with it too, since nothing useful can be rendered from them.
 */
export function checkValues(
  effective: Values,
  spec: ValuesSpec,
  user: UserValues,
  options: { skipSchemaValidation: boolean },
): { findings: Finding[]; warnings: string[] } {
  const violations = spec.validate(effective) ? [] : (spec.validate.errors ?? []);
  const { unknown, wrong } = groupViolations(violations, effective, spec.schema);
  const unknownPaths = [...unknown, ...unknownNulls(user.values, spec.schema)];
  const strangers = unknownPaths.slice(0, MAX_UNKNOWN).map((path) => unknownKey(path, user, spec.schema, effective));
  const more = unknownPaths.length - strangers.length;
  if (more > 0) strangers.push({ path: [], place: undefined, message: `and ${more} more unknown keys` });
  const findings = wrong.map(({ path, message }) => ({ path, place: nearestPlace(path, user), message }));
  if (!options.skipSchemaValidation) return { findings: [...strangers, ...findings].sort(byPlace), warnings: [] };
  return {
    findings: findings.sort(byPlace),
    warnings: strangers.map(({ place, message }) => (place === undefined ? message : `${place}: ${message}`)),
  };
}

function unknownKey(path: ValuePath, user: UserValues, schema: Schema, effective: Values): Finding {
  const inside = [...path, ...onlyWayInto(valueAt(effective, path))];
  const message = `unknown key ${formatPath(inside)}; ${suggestFor(inside, path.length, schema)}`;
  return { path: inside, place: nearestPlace(inside, user), message };
}

/** `{port: 1}` leads to `port` alone: what the user wrote as `kthenaRouter.port` is then reported as that. */
function onlyWayInto(value: unknown): string[] {
  if (!isMap(value)) return [];
  const [key, ...others] = Object.keys(value);
  return key === undefined || others.length > 0 ? [] : [key, ...onlyWayInto(value[key])];
}

/** Keys that the user removes with null and the schema does not have: they are gone from the effective values. */
function unknownNulls(user: Values, schema: Schema, above: ValuePath = []): ValuePath[] {
  return Object.entries(user).flatMap(([key, value]): ValuePath[] => {
    const path = [...above, key];
    const inside = schemaAt(schema, [key]);
    if (inside === undefined) return value === null && isClosed(schema) ? [path] : [];
    return isMap(value) && Object.keys(propertiesOf(inside)).length > 0 ? unknownNulls(value, inside, path) : [];
  });
}

/** Down each file, then what has no line: flags, in the order in which they were found. */
function byPlace(a: Finding, b: Finding): number {
  const [left, right] = [positionOf(a.place), positionOf(b.place)];
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
  return left.file.localeCompare(right.file) || left.line - right.line || left.column - right.column;
}

function positionOf(place = ''): { file: string; line: number; column: number } | undefined {
  const [, file, line, column] = /^(.*):(\d+):(\d+)$/.exec(place) ?? [];
  return file === undefined ? undefined : { file, line: Number(line), column: Number(column) };
}

function nearestPlace(path: ValuePath, user: UserValues): string | undefined {
  for (let length = path.length; length > 0; length--) {
    const place = user.placeOf(path.slice(0, length));
    if (place !== undefined) return place;
  }
  return undefined;
}
