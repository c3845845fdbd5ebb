/** What the reference tables say of one value, read from the JSON schema of the values. */

import { dump } from 'js-yaml';

/** @typedef {Record<string, any>} Schema */
/** @typedef {Record<string, { expected: string }>} Formats the texts of `src/values/formats.ts` */

/**
 * @param {Schema} schema
 * @returns {Record<string, Schema>} the keys the schema names; none for a list, a plain value or a map with keys of the user's own
 */
export function keysOf(schema) {
  return schema.properties ?? {};
}

/** @param {Schema} schema */
export function isSection(schema) {
  return Object.keys(keysOf(schema)).length > 0;
}

/**
 * @param {Schema} schema
 * @returns {string} `integer`, `list of string`, `map of string or number`
 */
export function typeOf(schema) {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return alternatives.map(typeOf).join(' or ');
  return [schema.type]
    .flat()
    .map((type) => typeName(type, schema))
    .join(' or ');
}

/**
 * @param {string} type
 * @param {Schema} schema
 */
function typeName(type, schema) {
  if (type === 'array') return `list of ${isSection(schema.items) ? 'map' : typeOf(schema.items)}`;
  if (type !== 'object') return type;
  const values = schema.additionalProperties;
  return typeof values === 'object' ? `map of ${typeOf(values)}` : 'map';
}

/**
 * @param {Schema} schema
 * @returns {string} the default as one would write it in YAML, empty where there is none
 */
export function defaultOf(schema) {
  return schema.default === undefined ? '' : dump(schema.default, { flowLevel: 0, lineWidth: -1 }).trimEnd();
}

/**
 * @param {Schema} schema
 * @param {Formats} formats
 * @returns {string} the choices, the range or the form of a value, empty where its type says all
 * @throws {Error} for a format that is not known
 */
export function allowedIn(schema, formats) {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) {
    return alternatives.map((/** @type {Schema} */ one) => `${typeOf(one)}: ${allowedIn(one, formats)}`).join('; ');
  }
  if (schema.enum !== undefined) return schema.enum.map((/** @type {unknown} */ one) => `\`${one}\``).join(', ');
  if (schema.items !== undefined) return isSection(schema.items) ? '' : allowedIn(schema.items, formats);
  const parts = [range(schema), form(schema, formats), keysAndValues(schema, formats)];
  // A range concerns the numbers, a format the texts a value may be.
  return parts.filter((part) => part !== '').join(', or ');
}

/** @param {Schema} schema */
function range({ minimum, maximum }) {
  if (minimum === undefined && maximum === undefined) return '';
  if (maximum === undefined) return `${minimum} or more`;
  return minimum === undefined ? `${maximum} or less` : `${minimum} to ${maximum}`;
}

/**
 * @param {Schema} schema
 * @param {Formats} formats
 */
function form({ format, minLength = 0 }, formats) {
  if (format === undefined) return minLength > 0 ? 'not empty' : '';
  const expected = formats[format]?.expected;
  if (expected === undefined) throw new Error(`the schema of the values has the unknown format ${format}`);
  return minLength > 0 ? expected : `${expected}, or empty`;
}

/**
 * @param {Schema} schema
 * @param {Formats} formats
 */
function keysAndValues({ propertyNames, additionalProperties }, formats) {
  const keys = propertyNames === undefined ? '' : allowedIn(propertyNames, formats);
  const values = typeof additionalProperties === 'object' ? allowedIn(additionalProperties, formats) : '';
  return [keys === '' ? '' : `keys: ${keys}`, values === '' ? '' : `values: ${values}`]
    .filter((part) => part !== '')
    .join('; ');
}
