import { KthenaError } from '../errors.js';
import { isMap } from '../values/value.js';
import type { JsonSchema } from './bundle.js';
import { checkSize, type ValueBudget } from './yaml.js';

export const SCHEMA = 'manifests/values.schema.json';

/** Bounds what compiling it takes; Kthena's own has 170. */
const MAX_SCHEMAS = 1000;

/** Keywords that hold a schema, a list of schemas, a map of schemas. */
const INSIDE = ['additionalProperties', 'items', 'propertyNames', 'not', 'if', 'then', 'else'];
const LISTS = ['anyOf', 'oneOf', 'allOf'];
const MAPS = ['properties'];
const PLAIN = [
  ...['$schema', 'title', 'description', '$comment', 'default', 'examples', 'deprecated', 'writeOnly', 'type', 'enum'],
  ...['const', 'format', 'required', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'],
];
const KNOWN = new Set([...INSIDE, ...LISTS, ...MAPS, ...PLAIN]);

/** Why a keyword of JSON Schema is not available, where it is one that authors will look for. */
const REFUSED: Readonly<Record<string, string>> = {
  pattern: 'a regular expression can run for ever; use a format',
  patternProperties: 'a regular expression can run for ever; use a format',
  $ref: 'references are not followed; write the schema in its place',
  $id: 'references are not followed',
  definitions: 'references are not followed',
  $defs: 'references are not followed',
  uniqueItems: 'comparing every two items can take for ever',
};

/**
 * The schema of the values, found to be one whose checks cost no more than its size and that of the values.
 *
 * @throws KthenaError `bundle` naming the place in the schema
 */
export function readSchema(text: string, budget: ValueBudget): JsonSchema {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (cause) {
    throw new KthenaError('bundle', `${SCHEMA}: this is not JSON: ${(cause as Error).message}`, { cause });
  }
  checkSize(SCHEMA, schema, budget);
  if (!isMap(schema) || schema['type'] !== 'object' || !isMap(schema['properties']))
    throw new KthenaError('bundle', `${SCHEMA}: it must describe a map and its properties`);
  const counter = { left: MAX_SCHEMAS };
  checkKeywords(schema, '', counter);
  return schema;
}

function checkKeywords(schema: unknown, place: string, counter: { left: number }): void {
  if (typeof schema === 'boolean') return;
  if (!isMap(schema)) throw new KthenaError('bundle', `${SCHEMA}: ${place || '/'}: this is not a schema`);
  if (counter.left-- === 0) throw new KthenaError('bundle', `${SCHEMA}: it has more than ${MAX_SCHEMAS} schemas in it`);
  for (const [keyword, value] of Object.entries(schema)) {
    const at = `${place}/${keyword}`;
    if (!KNOWN.has(keyword)) {
      const reason = REFUSED[keyword] ?? 'this keyword is not available';
      throw new KthenaError('bundle', `${SCHEMA}: ${at}: ${reason}`);
    }
    if (INSIDE.includes(keyword)) checkKeywords(value, at, counter);
    else if (LISTS.includes(keyword) || MAPS.includes(keyword)) checkEach(value, at, counter);
  }
}

function checkEach(schemas: unknown, place: string, counter: { left: number }): void {
  if (typeof schemas !== 'object' || schemas === null)
    throw new KthenaError('bundle', `${SCHEMA}: ${place}: this holds no schemas`);
  for (const [key, schema] of Object.entries(schemas)) checkKeywords(schema, `${place}/${key}`, counter);
}
