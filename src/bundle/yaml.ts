import { load, loadAll, YAMLException } from 'js-yaml';
import { KthenaError } from '../errors.js';

/** Bounds on the YAML of a bundle. Kthena's largest CRD has 9,000 lines, nested 40 deep. */
const LIMITS = { documents: 100, values: 60_000, depth: 100 };

/** How many values the files of a bundle may still have. */
export interface ValueBudget {
  left: number;
}

export function valueBudget(): ValueBudget {
  return { left: LIMITS.values };
}

/** Keys that mean something else to JavaScript: nothing in a bundle needs them. */
const REFUSED_KEYS = ['__proto__', 'constructor', 'prototype'];

/** @throws KthenaError `bundle` naming the file, and the line where the parser knows it */
export function readYaml(path: string, text: string, budget = valueBudget()): unknown {
  return bounded(path, budget, () => load(text, { maxDepth: LIMITS.depth }));
}

export function readYamlDocuments(path: string, text: string, budget: ValueBudget): unknown[] {
  const marks = text.match(/^---/gm)?.length ?? 0;
  if (marks > LIMITS.documents)
    throw new KthenaError('bundle', `${path}: it has more than ${LIMITS.documents} documents`);
  return bounded(path, budget, () => loadAll(text, { maxDepth: LIMITS.depth }));
}

/**
 * Refuses a value that is more than a file of a bundle may hold once all aliases are followed. The repeated value is shared in
 * memory, but whoever walks it visits it each time.
 *
 * @throws KthenaError `bundle`
 */
export function checkSize(path: string, value: unknown, budget: ValueBudget): void {
  budget.left -= measure(value, path, new Map(), { level: 0, budget }).values;
}

function bounded<T>(path: string, budget: ValueBudget, read: () => T): T {
  let value: T;
  try {
    value = read();
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause;
    const line = cause.mark === undefined ? '' : `:${cause.mark.line + 1}`;
    throw new KthenaError('bundle', `${path}${line}: ${cause.reason}`, { cause });
  }
  checkSize(path, value, budget);
  return value;
}

/** What a value amounts to with its aliases written out. */
interface Measure {
  values: number;
  depth: number;
}

function measure(
  value: unknown,
  path: string,
  known: Map<object, Measure | 'open'>,
  { level, budget }: { level: number; budget: ValueBudget },
): Measure {
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
    const inside = measure(child, path, known, { level: level + 1, budget });
    total.values += inside.values;
    total.depth = Math.max(total.depth, inside.depth + 1);
    if (total.values > budget.left)
      throw new KthenaError(
        'bundle',
        `${path}: with this file the bundle holds, aliases written out, more than ${LIMITS.values} values`,
      );
    if (total.depth > LIMITS.depth)
      throw new KthenaError('bundle', `${path}: it is nested, aliases written out, more than ${LIMITS.depth} deep`);
  }
  known.set(value, total);
  return total;
}
