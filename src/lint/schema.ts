import { KthenaError } from '../errors.js';

/**
 * The part of OpenAPI v3, with Kubernetes' extensions, that published schemas of objects use.
 * Formats besides OpenAPI's: `quantity` (a Kubernetes quantity) and `percent` (the strings an int-or-string may hold).
 */
export interface Schema {
  $ref?: string;
  /** Kubernetes writes a reference with a default as an `allOf` of one. */
  allOf?: readonly Schema[];
  /** Alternatives of different JSON types. */
  oneOf?: readonly Schema[];
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  format?: string;
  enum?: readonly string[];
  minimum?: number;
  maximum?: number;
  default?: unknown;
  required?: readonly string[];
  properties?: Readonly<Record<string, Schema>>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-list-map-keys'?: readonly string[];
  'x-kubernetes-list-type'?: string;
}

export interface ObjectSchemas {
  /** Name of a definition by `apiVersion/kind`, such as `apps/v1/Deployment`. */
  kinds: ReadonlyMap<string, string>;
  definitions: ReadonlyMap<string, Schema>;
}

const REFERENCE = '#/definitions/';

/** A schema with no reference at its top. Throws KthenaError `bundle` for a reference to nothing. */
export function resolveSchema(schema: Schema, schemas: ObjectSchemas): Schema {
  let current = schema;
  for (;;) {
    if (current.$ref !== undefined) current = definitionOf(current.$ref, schemas);
    else if (current.allOf?.length === 1) current = current.allOf[0]!;
    else return current;
  }
}

function definitionOf(reference: string, schemas: ObjectSchemas): Schema {
  const name = reference.startsWith(REFERENCE) ? reference.slice(REFERENCE.length) : reference;
  const definition = schemas.definitions.get(name);
  if (definition === undefined) {
    throw new KthenaError('bundle', `The schemas of Kubernetes objects refer to ${name}, which they do not hold.`, {
      hint: 'The installation is damaged: install kthena again.',
    });
  }
  return definition;
}
