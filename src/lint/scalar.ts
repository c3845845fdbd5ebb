import { parseQuantity } from './quantity.js';
import type { Schema } from './schema.js';

const INT32 = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
const INT64 = { minimum: -(2 ** 63), maximum: 2 ** 63 };

/** What a value is, in the words of messages: null, boolean, integer, number, string, list or map. */
function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'map';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/**
 * Why a value does not fit a schema that is neither a map nor a list; undefined where it does.
 * Values are quoted only where the schema says what they may be (an enum, a quantity, a range): those are never secret.
 */
export function scalarProblem(value: unknown, schema: Schema): string | undefined {
  if (schema['x-kubernetes-int-or-string']) return intOrStringProblem(value, schema);
  if (schema.format === 'quantity') return quantityProblem(value);
  switch (schema.type) {
    case 'string':
      return typeof value === 'string' ? stringProblem(value, schema) : wrongType('string', value);
    case 'integer':
      return Number.isInteger(value) ? rangeProblem(value as number, schema) : wrongType('integer', value);
    case 'number':
      return typeof value === 'number' ? rangeProblem(value, schema) : wrongType('number', value);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : wrongType('boolean', value);
    default:
      return undefined;
  }
}

export function wrongType(expected: string, value: unknown): string {
  return `expected ${expected}, got ${typeName(value)}`;
}

function intOrStringProblem(value: unknown, schema: Schema): string | undefined {
  if (Number.isInteger(value)) return rangeProblem(value as number, { ...schema, format: 'int32' });
  if (typeof value !== 'string') return wrongType('integer or string', value);
  if (schema.format !== 'percent' || /^[0-9]+%$/.test(value)) return undefined;
  return `${JSON.stringify(value)} is neither an integer nor a percentage such as 25%`;
}

function quantityProblem(value: unknown): string | undefined {
  if (typeof value === 'number') return undefined;
  if (typeof value !== 'string') return wrongType('quantity', value);
  return parseQuantity(value) === undefined
    ? `${JSON.stringify(value)} is not a quantity such as 500m, 2 or 512Mi`
    : undefined;
}

function stringProblem(value: string, schema: Schema): string | undefined {
  if (schema.format === 'byte' && !isBase64(value)) return 'is not base64';
  // An empty string is Go's zero value: the server takes it for a missing field and fills in the default.
  if (schema.enum === undefined || value === '' || schema.enum.includes(value)) return undefined;
  return `${JSON.stringify(value)} is not one of ${schema.enum.filter(Boolean).join(', ')}`;
}

function rangeProblem(value: number, schema: Schema): string | undefined {
  const widest = schema.format === 'int32' ? INT32 : schema.format === 'int64' ? INT64 : undefined;
  const minimum = schema.minimum ?? widest?.minimum ?? -Infinity;
  const maximum = schema.maximum ?? widest?.maximum ?? Infinity;
  if (value >= minimum && value <= maximum) return undefined;
  if (schema.maximum === undefined && schema.minimum !== undefined && value < minimum)
    return `${value} is less than ${minimum}`;
  return `${value} is not between ${minimum} and ${maximum}`;
}

/** Standard alphabet with padding; line breaks are allowed, as Go's decoder skips them. */
function isBase64(text: string): boolean {
  const packed = text.replace(/[\r\n]/g, '');
  return packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed);
}
