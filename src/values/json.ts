import { MAX_DEPTH } from './value.js';
import type { Value } from './value.js';

const SCALAR = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;

/**
 * Reads the one JSON value that starts at the position, whatever follows it. Numbers are read as JavaScript numbers, so an
 * integer beyond 2^53 loses its last digits as it does in every tool that reads JSON this way.
 *
 * @returns the value and the position after it; `undefined` where there is no valid JSON or it is nested too deep
 */
export function readJsonValue(text: string, start: number): { value: Value; end: number } | undefined {
  const end = endOfJson(text, start);
  if (end === undefined) return undefined;
  try {
    return { value: JSON.parse(text.slice(start, end)) as Value, end };
  } catch {
    return undefined;
  }
}

/** Whether a number in it is larger than a number can be, such as `1e400`: it would become null on its way. */
export function holdsInfinity(value: Value): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsInfinity);
}

/** Finds only where a value must end; whether what lies between is JSON is left to `JSON.parse`. */
function endOfJson(text: string, start: number): number | undefined {
  if (text[start] === '"') return endOfString(text, start);
  if (text[start] !== '{' && text[start] !== '[') {
    SCALAR.lastIndex = start;
    return SCALAR.test(text) ? SCALAR.lastIndex : undefined;
  }
  let depth = 0;
  for (let position = start; position < text.length; position++) {
    const character = text[position];
    if (character === '"') {
      const end = endOfString(text, position);
      if (end === undefined) return undefined;
      position = end - 1;
    } else if (character === '{' || character === '[') {
      if (++depth > MAX_DEPTH) return undefined;
    } else if (character === '}' || character === ']') {
      if (--depth === 0) return position + 1;
    }
  }
  return undefined;
}

function endOfString(text: string, start: number): number | undefined {
  for (let position = start + 1; position < text.length; position++) {
    if (text[position] === '\\') position++;
    else if (text[position] === '"') return position + 1;
  }
  return undefined;
}
