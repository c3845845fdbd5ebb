import { load, loadAll, YAMLException } from 'js-yaml';
import { KthenaError } from '../errors.js';

const MIB = 1024 * 1024;

/** Bounds on one YAML file of a bundle. Kthena's largest CRD has 9,000 values, nested 40 deep. */
const LIMITS = { characters: 2 * MIB, values: 100_000, depth: 100 };

/** Keys that mean something else to JavaScript: nothing in a bundle needs them. */
const REFUSED_KEYS = ['__proto__', 'constructor', 'prototype'];

/** @throws KthenaError `bundle` naming the file, and the line where the parser knows it */
export function readYaml(path: string, text: string): unknown {
  return bounded(path, text, () => load(text, { maxDepth: LIMITS.depth }));
}

export function readYamlDocuments(path: string, text: string): unknown[] {
  return bounded(path, text, () => loadAll(text, { maxDepth: LIMITS.depth }));
}

/**
 * Refuses a value that is more than a file of a bundle may hold once all aliases are followed. The repeated value is shared in
 * memory, but whoever walks it visits it each time.
 *
 * @throws KthenaError `bundle`
 */
export function checkSize(path: string, value: unknown): void {
  measure(value, path, new Map(), 0);
}

function bounded<T>(path: string, text: string, read: () => T): T {
  if (text.length > LIMITS.characters)
    throw new KthenaError('bundle', `${path}: larger than ${LIMITS.characters / MIB} MiB, the most YAML may take`);
  let value: T;
  try {
    value = read();
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause;
    const line = cause.mark === undefined ? '' : `:${cause.mark.line + 1}`;
    throw new KthenaError('bundle', `${path}${line}: ${cause.reason}`, { cause });
  }
  checkSize(path, value);
  return value;
}

/** What a value amounts to with its aliases written out. */
interface Measure {
  values: number;
  depth: number;
}

function measure(value: unknown, path: string, known: Map<object, Measure | 'open'>, level: number): Measure {
  if (typeof value !== 'object' || value === null) return { values: 1, depth: 0 };
  if (level > LIMITS.depth) throw new KthenaError('bundle', `${path}: it is nested more than ${LIMITS.depth} deep`);
  const seen = known.get(value);
  if (seen === 'open') throw new KthenaError('bundle', `${path}: an alias stands inside the very value it repeats`);
  if (seen !== undefined) return seen;
  known.set(value, 'open');
  const total: Measure = { values: 1, depth: 1 };
  for (const [key, child] of Object.entries(value)) {
    if (REFUSED_KEYS.includes(key))
      throw new KthenaError('bundle', `${path}: ${key} is not a key that a bundle may have`);
    const inside = measure(child, path, known, level + 1);
    total.values += inside.values;
    total.depth = Math.max(total.depth, inside.depth + 1);
    if (total.values > LIMITS.values)
      throw new KthenaError('bundle', `${path}: it holds, aliases written out, more than ${LIMITS.values} values`);
    if (total.depth > LIMITS.depth)
      throw new KthenaError('bundle', `${path}: it is nested, aliases written out, more than ${LIMITS.depth} deep`);
  }
  known.set(value, total);
  return total;
}
