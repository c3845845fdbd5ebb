import type { KubeObject } from '../kube/object.js';
import { collectFindings, type Report, type StructureFinding } from './finding.js';
import { nearestName } from './nearest.js';
import { fieldPath, isMap, keyPath, type JsonMap } from './node.js';
import { scalarProblem, wrongType } from './scalar.js';
import { resolveSchema, type ObjectSchemas, type Schema } from './schema.js';

interface Walk {
  schemas: ObjectSchemas;
  report: Report;
}

const MISSING = 'required field is missing';

/**
 * Where an object departs from the schema of its kind: unknown and missing fields, wrong types, values outside an enum or a range,
 * malformed quantities and base64, repeated keys of list maps. In the order of the object's fields.
 * A null counts as a missing field, as it does for the API server. A kind without a schema gives one warning.
 */
export function structureFindings(object: KubeObject, schemas: ObjectSchemas): StructureFinding[] {
  const { findings, report } = collectFindings(object);
  const definition = schemas.kinds.get(`${object.apiVersion}/${object.kind}`);
  if (typeof object.apiVersion !== 'string') report('apiVersion', MISSING);
  else if (typeof object.kind !== 'string') report('kind', MISSING);
  else if (definition === undefined) report('', noSchema(object, schemas), 'warning');
  else checkValue(object, { $ref: definition }, '', { schemas, report });
  return findings;
}

function noSchema({ apiVersion, kind }: KubeObject, schemas: ObjectSchemas): string {
  const known = [...schemas.kinds.keys()].find((key) => key.endsWith(`/${kind}`));
  const instead = known === undefined ? '' : ` (${kind} is known in ${known.slice(0, -kind.length - 1)})`;
  return `there is no schema for ${kind} in ${apiVersion}${instead}: its fields cannot be checked`;
}

function checkValue(value: unknown, unresolved: Schema, path: string, walk: Walk): void {
  const schema = resolveSchema(unresolved, walk.schemas);
  if (schema.oneOf !== undefined) return checkAlternatives(value, schema.oneOf, path, walk);
  if (schema.type === 'object') {
    if (isMap(value)) checkMap(value, schema, path, walk);
    else walk.report(path, wrongType('map', value));
  } else if (schema.type === 'array') {
    if (Array.isArray(value)) checkList(value, schema, path, walk);
    else walk.report(path, wrongType('list', value));
  } else {
    const problem = scalarProblem(value, schema);
    if (problem !== undefined) walk.report(path, problem);
  }
}

function checkAlternatives(value: unknown, alternatives: readonly Schema[], path: string, walk: Walk): void {
  const types = alternatives.map((schema) => ({ schema, type: resolveSchema(schema, walk.schemas).type }));
  const actual = isMap(value)
    ? 'object'
    : Array.isArray(value)
      ? 'array'
      : Number.isInteger(value)
        ? 'integer'
        : typeof value;
  const fitting = types.find(({ type }) => type === actual || (type === 'number' && actual === 'integer'));
  if (fitting !== undefined) return checkValue(value, fitting.schema, path, walk);
  const words = types.map(({ type }) => (type === 'object' ? 'map' : type === 'array' ? 'list' : type));
  walk.report(path, wrongType(words.join(' or '), value));
}

function checkMap(map: JsonMap, schema: Schema, path: string, walk: Walk): void {
  const { properties, additionalProperties } = schema;
  const open = additionalProperties === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  for (const [key, value] of Object.entries(map)) {
    const property = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (property !== undefined) {
      if (value !== null && value !== undefined) checkValue(value, property, fieldPath(path, key), walk);
    } else if (typeof additionalProperties === 'object') {
      if (value !== null) checkValue(value, additionalProperties, keyPath(path, key), walk);
    } else if (!open && properties !== undefined) {
      const nearest = nearestName(key, Object.keys(properties));
      walk.report(
        fieldPath(path, key),
        nearest === undefined ? 'unknown field' : `unknown field, did you mean ${nearest}?`,
      );
    }
  }
  checkRequired(map, schema, path, walk);
}

function checkRequired(map: JsonMap, { required, properties }: Schema, path: string, walk: Walk): void {
  for (const key of required ?? []) {
    const value = map[key];
    if (value === undefined || value === null) walk.report(fieldPath(path, key), MISSING);
    else if (isEmpty(value, properties?.[key], walk)) walk.report(fieldPath(path, key), 'must not be empty');
  }
}

/** The server cannot tell an empty string or list from a missing one: required means that there is something in it. */
function isEmpty(value: unknown, property: Schema | undefined, walk: Walk): boolean {
  if (property === undefined || (value !== '' && !(Array.isArray(value) && value.length === 0))) return false;
  const schema = resolveSchema(property, walk.schemas);
  return value === ''
    ? schema.type === 'string' || schema['x-kubernetes-int-or-string'] === true
    : schema.type === 'array';
}

function checkList(list: readonly unknown[], schema: Schema, path: string, walk: Walk): void {
  const items = schema.items ?? {};
  list.forEach((item, index) => checkValue(item, items, `${path}[${index}]`, walk));
  const keys = schema['x-kubernetes-list-map-keys'];
  if (keys !== undefined) {
    const itemSchema = resolveSchema(items, walk.schemas);
    reportRepeated(list, (item) => (isMap(item) ? listMapKey(item, keys, itemSchema) : undefined), path, walk);
  } else if (schema['x-kubernetes-list-type'] === 'set') {
    reportRepeated(list, (item) => JSON.stringify(item), path, walk);
  }
}

/** What tells an item of a list map from the others, as text; undefined where a required part is missing, which is reported as that. */
function listMapKey(item: JsonMap, keys: readonly string[], { properties, required }: Schema): string | undefined {
  const parts: string[] = [];
  for (const key of keys) {
    // The server fills in a default for a missing key only, not for a null.
    const value = item[key] === undefined ? properties?.[key]?.default : item[key];
    if (value == null && required?.includes(key)) return undefined;
    parts.push(`${key} ${JSON.stringify(value ?? '')}`);
  }
  return parts.join(', ');
}

/** Server-side apply refuses a list map or set in which two items have one key. */
function reportRepeated(
  list: readonly unknown[],
  keyOf: (item: unknown) => string | undefined,
  path: string,
  walk: Walk,
): void {
  const seen = new Map<string, number>();
  for (const [index, item] of list.entries()) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    else walk.report(`${path}[${index}]`, `${key} must be unique, but item ${first} has it too`);
  }
}
