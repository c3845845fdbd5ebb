import { FORMATS } from './formats.js';
import { branchesOf, holdsSecret } from './schema.js';
import type { Schema } from './schema.js';
import { isMap } from './value.js';

const MAX_SHOWN = 60;

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  null: 'null',
  object: 'a map',
};

/** What a schema asks for, completing "must be …": `an integer from 1 to 65535`, `one of auto, manual`. */
export function describeExpected(schema: Schema): string {
  const branches = branchesOf(schema);
  if (branches.length > 0) return branches.map(describeExpected).join(', or ');
  const choices = schema['const'] === undefined ? schema['enum'] : [schema['const']];
  if (Array.isArray(choices)) return describeChoices(choices);
  const types = [schema['type']].flat().filter((type) => typeof type === 'string');
  return types.map((type) => describeType(type, schema)).join(', or ') || 'something else';
}

/** What there is instead, completing "not …". What the schema marks as secret is never shown, nor what may be it. */
export function describeFound(value: unknown, schema: Schema | undefined): string {
  if (Array.isArray(value)) return 'a list';
  if (isMap(value)) return 'a map';
  if (value === null || value === undefined) return 'null';
  if (schema !== undefined && holdsSecret(schema))
    return `a ${typeof value === 'string' ? 'text' : typeof value} (not shown)`;
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value);
}

/** Whether a value of this JSON type can be right, whatever else the schema asks. */
export function acceptsType(schema: Schema, value: unknown): boolean {
  const type = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  const types = [schema['type']].flat();
  return types.includes(type) || (type === 'number' && types.includes('integer'));
}

function describeChoices(choices: readonly unknown[]): string {
  const shown = choices.map((choice) =>
    typeof choice === 'string' && choice !== '' ? choice : JSON.stringify(choice),
  );
  return shown.length === 1 ? String(shown[0]) : `one of ${shown.join(', ')}`;
}

function describeType(type: string, schema: Schema): string {
  if (type === 'string') return describeText(schema);
  if (type === 'integer' || type === 'number') return describeNumber(type, schema);
  const items = schema['items'];
  if (type === 'array' && isMap(items) && Array.isArray(items['enum'])) return `a list of ${items['enum'].join(', ')}`;
  return TYPES[type] ?? type;
}

function describeText(schema: Schema): string {
  const format = schema['format'];
  if (typeof format === 'string') return FORMATS[format]?.expected ?? `a text of the form ${format}`;
  return Number(schema['minLength'] ?? 0) > 0 ? 'a text that is not empty' : 'a text';
}

function describeNumber(type: 'integer' | 'number', schema: Schema): string {
  const name = type === 'integer' ? 'an integer' : 'a number';
  const { minimum, maximum } = schema;
  if (minimum !== undefined && maximum !== undefined) return `${name} from ${String(minimum)} to ${String(maximum)}`;
  if (minimum !== undefined) return `${name} of at least ${String(minimum)}`;
  return maximum === undefined ? name : `${name} of at most ${String(maximum)}`;
}
