import type { Schema } from '../compare/crd.js';
import { partOf } from './place.js';

/** Words that are not names in CEL. */
const RESERVED = new Set([
  ...[
    'true',
    'false',
    'null',
    'in',
    'as',
    'break',
    'const',
    'continue',
    'else',
    'for',
    'function',
    'if',
    'import',
    'let',
  ],
  ...['loop', 'package', 'namespace', 'return', 'var', 'void', 'while'],
]);

/**
 * A value as the CEL rules of a schema see it: integers are apart from other numbers, so they become BigInt; names of fields that
 * CEL cannot have are escaped the way Kubernetes does it. Keys of maps stay as they are.
 */
export function celValue(value: unknown, schema: Schema | undefined): unknown {
  if (typeof value === 'number') return Number.isInteger(value) && schema?.type !== 'number' ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema?.items));
  if (typeof value !== 'object' || value === null) return value;
  const fields = schema?.properties ?? {};
  const result = Object.create(null) as Record<string, unknown>;
  for (const [key, part] of Object.entries(value)) {
    const name = Object.hasOwn(fields, key) ? escapeName(key) : key;
    result[name] = celValue(part, partOf(schema, key));
  }
  return result;
}

/** https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules */
function escapeName(name: string): string {
  if (RESERVED.has(name)) return `__${name}__`;
  if (!/__|[.\-/]/.test(name)) return name;
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}
