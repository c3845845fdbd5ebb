/** Walking and arranging structural schemas. */

/** @typedef {Record<string, any>} Schema */

/**
 * Every keyword the CRDs use, in the order they are written: first what the value is, last what it contains.
 * Anything else is a typing error: the API server would drop it silently.
 */
const KEYWORDS = [
  'description',
  'type',
  'format',
  'default',
  'enum',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'anyOf',
  'allOf',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
  'x-kubernetes-validations',
  'required',
  'additionalProperties',
  'items',
  'properties',
];

/**
 * Rebuilds a schema from the bottom up. `anyOf` and `allOf` are passed over: in a structural schema they hold
 * restrictions of the value, not descriptions of parts of it.
 *
 * @param {Schema} schema not changed
 * @param {(schema: Schema, path: string) => Schema} visit gets each schema with its parts already rebuilt;
 *   `path` is like `spec.rules[].name`, with `{}` for the values of a map
 * @param {string} [path]
 * @returns {Schema}
 */
export function mapSchema(schema, visit, path = '') {
  const copy = { ...schema };
  if (schema.items) copy.items = mapSchema(schema.items, visit, `${path}[]`);
  if (schema.additionalProperties) {
    copy.additionalProperties = mapSchema(schema.additionalProperties, visit, `${path}{}`);
  }
  if (schema.properties) {
    const below = path === '' ? '' : `${path}.`;
    copy.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, part]) => [name, mapSchema(part, visit, below + name)]),
    );
  }
  return visit(copy, path);
}

/**
 * @param {Schema} schema
 * @returns {Schema} the same with its keywords in the order of KEYWORDS, all the way down
 * @throws {Error} for a keyword that is not one of them
 */
export function orderKeywords(schema) {
  return mapSchema(schema, (part, path) => {
    const unknown = Object.keys(part).filter((key) => !KEYWORDS.includes(key));
    if (unknown.length > 0) throw new Error(`${path}: unknown keyword ${unknown.join(', ')}`);
    return Object.fromEntries(KEYWORDS.filter((key) => key in part).map((key) => [key, part[key]]));
  });
}
