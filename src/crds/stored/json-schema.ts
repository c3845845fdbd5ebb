import type { Schema } from '../compare/crd.js';

type JsonSchema = Record<string, unknown>;

/** Keywords that mean the same in OpenAPI and in JSON Schema, and hold no schemas. */
const SAME = [
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties', 'multipleOf'],
  ...['minimum', 'maximum', 'required'],
];

/** Definitions shorter than this are repeated: a reference costs a function call. */
const WORTH_SHARING = 120;

/**
 * The structural schema of a CRD as draft 7 of JSON Schema, for a resource that has been read (`readerFor`). Whatever validates
 * nothing is left out, and what occurs several times, as the parts of a pod template do, becomes a definition:
 * compiling takes a third of the time.
 */
export function jsonSchemaOf(schema: Schema): JsonSchema {
  const converted = convert(schema);
  const counts = new Map<string, number>();
  countParts(converted, counts);
  const definitions: Record<string, JsonSchema> = {};
  const shared = share(converted, { counts, definitions, names: new Map() }, true);
  return { ...shared, definitions };
}

function convert(schema: Schema): JsonSchema {
  const plain = { ...typeAndLimits(schema), ...conditions(schema), ...parts(schema) };
  if (!schema.nullable) return plain;
  // Of a null the server checks no more than that it may be one, and the enum.
  return { if: { type: 'null' }, then: enumOf(schema), else: plain };
}

function typeAndLimits(schema: Schema): JsonSchema {
  const result: JsonSchema = { ...enumOf(schema) };
  if (schema['x-kubernetes-int-or-string']) result['type'] = ['integer', 'string'];
  else if (schema.type !== undefined) result['type'] = schema.type;
  for (const keyword of SAME) if (schema[keyword] !== undefined) result[keyword] = schema[keyword];
  if (schema.pattern) result['pattern'] = schema.pattern;
  if (schema.format) result['format'] = schema.format;
  // A flag beside the limit in OpenAPI 3.0, the limit itself in JSON Schema.
  if (schema['exclusiveMinimum'] === true) exclude(result, 'minimum', 'exclusiveMinimum');
  if (schema['exclusiveMaximum'] === true) exclude(result, 'maximum', 'exclusiveMaximum');
  return result;
}

function exclude(result: JsonSchema, limit: string, exclusive: string): void {
  if (result[limit] !== undefined) result[exclusive] = result[limit];
  delete result[limit];
}

/** An empty list of values is none to the server. */
function enumOf(schema: Schema): JsonSchema {
  return schema.enum !== undefined && schema.enum.length > 0 ? { enum: schema.enum } : {};
}

function conditions(schema: Schema): JsonSchema {
  const result: JsonSchema = {};
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    const list = schema[keyword];
    if (list === undefined || list.length === 0 || (keyword === 'anyOf' && isImplied(schema))) continue;
    result[keyword] = list.map(convert);
  }
  if (schema.not !== undefined) result['not'] = convert(schema.not);
  return result;
}

/** The alternatives that every int-or-string is written with say no more than its type does. */
function isImplied(schema: Schema): boolean {
  const types = schema.anyOf?.map((alternative) =>
    Object.keys(alternative).length === 1 ? alternative.type : undefined,
  );
  return schema['x-kubernetes-int-or-string'] === true && types?.join() === 'integer,string';
}

function parts(schema: Schema): JsonSchema {
  const result: JsonSchema = {};
  if (schema.properties !== undefined) result['properties'] = mapValues(schema.properties, convert);
  if (typeof schema.additionalProperties === 'object') {
    result['additionalProperties'] = convert(schema.additionalProperties);
  }
  if (schema.items !== undefined) result['items'] = convert(schema.items);
  return result;
}

interface Sharing {
  counts: ReadonlyMap<string, number>;
  definitions: Record<string, JsonSchema>;
  names: Map<string, string>;
}

function countParts(schema: JsonSchema, counts: Map<string, number>): void {
  const key = JSON.stringify(schema);
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  if (count === 1) mapParts(schema, (part) => (countParts(part, counts), part));
}

function share(schema: JsonSchema, sharing: Sharing, isRoot = false): JsonSchema {
  const { counts, definitions, names } = sharing;
  const key = JSON.stringify(schema);
  const expand = (): JsonSchema => mapParts(schema, (part) => share(part, sharing));
  if (isRoot || key.length < WORTH_SHARING || counts.get(key)! < 2) return expand();
  let name = names.get(key);
  if (name === undefined) {
    name = `part${names.size}`;
    names.set(key, name);
    definitions[name] = expand();
  }
  return { $ref: `#/definitions/${name}` };
}

/** Rebuilds the parts that describe parts of the value; alternatives and conditions stay where they are, for the messages. */
function mapParts(schema: JsonSchema, map: (part: JsonSchema) => JsonSchema): JsonSchema {
  const result = { ...schema };
  if (schema['properties'] !== undefined) {
    result['properties'] = mapValues(schema['properties'] as Record<string, JsonSchema>, map);
  }
  for (const keyword of ['items', 'additionalProperties', 'else']) {
    if (schema[keyword] !== undefined) result[keyword] = map(schema[keyword] as JsonSchema);
  }
  return result;
}

function mapValues<A, B>(map: Record<string, A>, convertValue: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convertValue(value)]));
}
