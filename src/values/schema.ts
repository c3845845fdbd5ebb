import { isMap } from './value.js';

/**
 * A JSON schema as a bundle brings it. What is read of it here is its shape: `properties`, `additionalProperties`, `items`
 * and the branches of `anyOf` and `oneOf`; references are not followed.
 */
export type Schema = Readonly<Record<string, unknown>>;

export function propertiesOf(schema: Schema): Readonly<Record<string, Schema>> {
  const properties = schema['properties'];
  return isMap(properties) ? (properties as Record<string, never>) : {};
}

/** The alternatives a value has; none where the schema has no `anyOf` or `oneOf`. */
export function branchesOf(schema: Schema): Schema[] {
  const branches = schema['anyOf'] ?? schema['oneOf'];
  return Array.isArray(branches) ? (branches as Schema[]) : [];
}

/** The schema of an item of a list or a key of a map; `undefined` where the schema says nothing of it. */
export function schemaInside(schema: Schema, segment: string | number): Schema | undefined {
  for (const candidate of [schema, ...branchesOf(schema)]) {
    if (typeof segment === 'number') {
      if (isMap(candidate['items'])) return candidate['items'];
      continue;
    }
    const properties = propertiesOf(candidate);
    if (Object.hasOwn(properties, segment)) return properties[segment];
    if (isMap(candidate['additionalProperties'])) return candidate['additionalProperties'];
  }
  return undefined;
}

export function schemaAt(schema: Schema, path: readonly (string | number)[]): Schema | undefined {
  return path.reduce<Schema | undefined>((place, segment) => place && schemaInside(place, segment), schema);
}

/** Whether keys other than its properties are an error. */
export function isClosed(schema: Schema): boolean {
  return schema['additionalProperties'] === false;
}

/** Whether the value, or something inside it, is never to be shown: JSON Schema's `writeOnly`. */
export function holdsSecret(schema: Schema): boolean {
  if (schema['writeOnly'] === true) return true;
  const inside = [
    ...Object.values(propertiesOf(schema)),
    ...branchesOf(schema),
    schema['items'],
    schema['additionalProperties'],
  ];
  return inside.some((part) => isMap(part) && holdsSecret(part));
}

/** Every path the schema names, maps and what is in them, from the outside in. */
export function knownPaths(schema: Schema, above: readonly string[] = []): string[][] {
  return Object.entries(propertiesOf(schema)).flatMap(([key, property]) => {
    const path = [...above, key];
    return [path, ...knownPaths(property, path)];
  });
}
