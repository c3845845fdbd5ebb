import { Environment } from '@marcbachmann/cel-js';
import type { JsonSchema } from '../bundle/bundle.js';
import { inRegistry } from './image-registry.js';

/** Bounds on one expression: a bundle from elsewhere must not be able to keep the tool busy. */
const LIMITS = { maxAstNodes: 500, maxDepth: 32, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 8 };

type CelSchema = string | { [key: string]: CelSchema };

/** The names an expression may use, with their types: a name or key that the schema does not have is an error before evaluation. */
export function createEnvironment(schema: JsonSchema, aliases: Record<string, string>): Environment {
  const environment = new Environment({ limits: LIMITS });
  environment.registerFunction('base64(string): string', (text: string) =>
    Buffer.from(text, 'utf8').toString('base64'),
  );
  environment.registerFunction('inRegistry(string, string): string', inRegistry);
  const declare = (name: string, type: CelSchema): void => {
    if (typeof type === 'string') environment.registerVariable(name, type);
    else environment.registerVariable({ name, schema: type });
  };
  for (const [name, property] of Object.entries(propertiesOf(schema))) declare(name, celType(property));
  for (const [name, path] of Object.entries(aliases)) declare(name, celType(schemaAt(schema, path)));
  declare('release', { name: 'string', namespace: 'string' });
  declare('bundle', { version: 'string', appVersion: 'string' });
  return environment;
}

/**
 * The variables of `createEnvironment` with the values of one run. CEL tells integers from doubles, JSON does not:
 * what the schema calls an integer goes in as BigInt.
 */
export function createContext(
  schema: JsonSchema,
  aliases: Record<string, string>,
  values: Record<string, unknown>,
): Record<string, unknown> {
  const typed = toCel(values, schema) as Record<string, unknown>;
  const context: Record<string, unknown> = { ...typed };
  for (const [name, path] of Object.entries(aliases)) context[name] = valueAt(typed, path);
  return context;
}

/** JSON of an evaluated expression: integers come back as numbers. */
export function fromCel(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(fromCel);
  if (value instanceof Map) return mapEntries([...value] as [string, unknown][], fromCel);
  if (isMap(value)) return mapEntries(Object.entries(value), fromCel);
  return value;
}

function toCel(value: unknown, schema: JsonSchema | undefined): unknown {
  if (typeof value === 'number') return schema?.['type'] === 'integer' ? BigInt(value) : value;
  // Items of a list are the user's own: nothing is filled into them.
  if (Array.isArray(value)) return value;
  if (!isMap(value)) return value ?? null;
  const properties = schema === undefined ? {} : propertiesOf(schema);
  const known = Object.entries(value).map(([key, item]) => [key, toCel(item, properties[key])] as [string, unknown]);
  const absent = Object.entries(properties).filter(([key]) => value[key] === undefined);
  for (const [key, property] of absent) {
    const empty = emptyOf(property);
    if (empty !== undefined) known.push([key, empty]);
  }
  return mapEntries(known, (item) => item);
}

/** What stands for a text, list or map that the user removed with `null`; a number or switch has no such neutral value. */
function emptyOf(schema: JsonSchema): unknown {
  // Without a type it takes several forms, and says with an empty default that an empty text is one of them.
  if (schema['type'] === 'string' || (schema['type'] === undefined && schema['default'] === '')) return '';
  if (schema['type'] === 'array') return [];
  return schema['type'] === 'object' ? toCel({}, schema) : undefined;
}

function celType(schema: JsonSchema): CelSchema {
  switch (schema['type']) {
    case 'integer':
      return 'int';
    case 'number':
      return 'double';
    case 'boolean':
      return 'bool';
    case 'string':
      return 'string';
    case 'array':
      return (schema['items'] as JsonSchema | undefined)?.['type'] === 'string' ? 'list<string>' : 'list';
    case 'object': {
      const properties = Object.entries(propertiesOf(schema));
      return properties.length === 0 ? 'map' : Object.fromEntries(properties.map(([k, v]) => [k, celType(v)]));
    }
    default:
      return 'dyn';
  }
}

function propertiesOf(schema: JsonSchema): Record<string, JsonSchema> {
  return (schema['properties'] ?? {}) as Record<string, JsonSchema>;
}

function schemaAt(schema: JsonSchema, path: string): JsonSchema {
  return path.split('.').reduce<JsonSchema>((place, key) => propertiesOf(place)[key] ?? {}, schema);
}

function valueAt(values: Record<string, unknown>, path: string): unknown {
  return path.split('.').reduce<unknown>((place, key) => (isMap(place) ? place[key] : undefined), values);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A map of its own properties whatever their names: `__proto__` is a key like any other. */
function mapEntries(entries: [string, unknown][], convert: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(entries.map(([key, value]) => [key, convert(value)]));
}
