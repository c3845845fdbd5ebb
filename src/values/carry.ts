import { isDeepStrictEqual } from 'node:util';
import { mergeUserValues } from './merge.js';
import type { UserValues } from './read.js';
import { getOwn, isMap, setOwn, valueAt } from './value.js';
import type { Value, ValuePath, Values } from './value.js';

/**
 * The user's values of an earlier revision with what the user sets now over them. A `null` for a value that no default is behind
 * takes it out of the record altogether.
 */
export function carryOver(earlier: UserValues, later: UserValues, defaults: Values): UserValues {
  const merged = mergeUserValues(earlier.values, later.values);
  return {
    values: withoutSpentNulls(merged, earlier.values, defaults),
    warnings: [...earlier.warnings, ...later.warnings],
    placeOf: (path) => later.placeOf(path) ?? earlier.placeOf(path),
  };
}

/** The earlier values that are still the user's, since nothing set now replaced them. */
export function carriedValues(earlier: UserValues, later: UserValues): Values {
  return keep(earlier.values, later.values) ?? {};
}

/**
 * The defaults of an earlier revision that are others by now, so that it stays as it was. What the defaults no longer have is
 * left out: no user set it.
 */
export function formerDefaults(earlier: Values, current: Values): Values {
  const former: Values = {};
  for (const [key, value] of Object.entries(current)) {
    const before = getOwn(earlier, key);
    if (before === undefined || isDeepStrictEqual(before, value)) continue;
    if (!isMap(before) || !isMap(value)) setOwn(former, key, before);
    else {
      const inside = formerDefaults(before, value);
      // They may differ only in what one of them does not have at all.
      if (Object.keys(inside).length > 0) setOwn(former, key, inside);
    }
  }
  return former;
}

function withoutSpentNulls(merged: Values, earlier: Values, defaults: Values, above: ValuePath = []): Values {
  const result: Values = {};
  for (const [key, value] of Object.entries(merged)) {
    const path = [...above, key];
    const isSpent = value === null && hasValue(earlier, path) && !hasValue(defaults, path);
    if (isSpent) continue;
    const left = isMap(value) ? withoutSpentNulls(value, earlier, defaults, path) : value;
    // A map that only held what is gone goes with it.
    if (isMap(left) && isMap(value) && Object.keys(left).length === 0 && Object.keys(value).length > 0) continue;
    setOwn(result, key, left);
  }
  return result;
}

function hasValue(values: Values, path: ValuePath): boolean {
  const value = valueAt(values, path);
  return value !== undefined && value !== null;
}

function keep(earlier: Value, later: Value | undefined): Values | undefined {
  if (!isMap(earlier)) return undefined;
  const kept: Values = {};
  for (const [key, value] of Object.entries(earlier)) {
    const now = isMap(later) ? getOwn(later, key) : undefined;
    if (now === undefined) setOwn(kept, key, value);
    else if (isMap(value) && isMap(now)) {
      const inside = keep(value, now);
      if (inside !== undefined) setOwn(kept, key, inside);
    }
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}
