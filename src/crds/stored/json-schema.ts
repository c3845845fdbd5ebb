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
 * that makes compiling several times faster.
 */
export function jsonSchemaOf(schema: Schema): JsonSchema {
  const definitions: Record<string, JsonSchema> = {};
  return { ...write(intern(convert(schema), new Map()), definitions), definitions };
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

/** A part of the schema, the same object for equal parts. */
interface Part {
  id: number;
  schema: JsonSchema;
  /** The parts in it, in the order of `mapParts`. */
  parts: Part[];
  /** Places at which the part would be written if parts around it are shared. */
  uses: number;
  size: number;
}

function intern(schema: JsonSchema, known: Map<string, Part>): Part {
  const parts: Part[] = [];
  const outline = mapParts(schema, (part) => {
    const interned = intern(part, known);
    parts.push(interned);
    return { id: interned.id };
  });
  const key = JSON.stringify(outline);
  let part = known.get(key);
  if (part === undefined) {
    const size = key.length + parts.reduce((sum, each) => sum + each.size, 0);
    part = { id: known.size, schema, parts, uses: 0, size };
    known.set(key, part);
  } else {
    // What is in a part that is there already is written with that one.
    for (const each of parts) each.uses--;
  }
  part.uses++;
  return part;
}

function write(part: Part, definitions: Record<string, JsonSchema>): JsonSchema {
  const { schema, parts } = part;
  let next = 0;
  return mapParts(schema, () => {
    const within = parts[next++]!;
    if (within.uses < 2 || within.size < WORTH_SHARING) return write(within, definitions);
    const name = `part${within.id}`;
    definitions[name] ??= write(within, definitions);
    return { $ref: `#/definitions/${name}` };
  });
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
