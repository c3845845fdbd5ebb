import { isDeepStrictEqual } from 'node:util';
import { getOwn, isMap, setOwn } from './value.js';
import type { Value, Values } from './value.js';

/**
 * The values that take effect: the user's over the defaults. Maps merge, lists and everything else replace, `null` removes
 * the key and with it the default. Lists are taken as they are, a `null` inside included. Neither argument is changed; the
 * result shares what it need not copy.
 */
export function mergeValues(defaults: Values, user: Values): Values {
  const merged: Values = { ...defaults };
  for (const [key, value] of Object.entries(user)) {
    const below = getOwn(defaults, key);
    if (value === null) delete merged[key];
    else if (isMap(value)) setOwn(merged, key, mergeValues(isMap(below) ? below : {}, value));
    else setOwn(merged, key, value);
  }
  return merged;
}

/**
 * What the user set earlier with what the user sets now over it, every `null` kept: the new record of the user's values.
 */
export function mergeUserValues(earlier: Values, later: Values): Values {
  const merged: Values = { ...earlier };
  for (const [key, value] of Object.entries(later)) {
    const below = getOwn(earlier, key);
    setOwn(merged, key, isMap(below) && isMap(value) ? mergeUserValues(below, value) : value);
  }
  return merged;
}

/**
 * The smallest values that make the effective values of the defaults: what differs, `null` where a default was removed.
 */
export function differencesFromDefaults(defaults: Values, effective: Values): Values {
  const differences: Values = {};
  for (const [key, value] of Object.entries(effective)) {
    const difference = differenceOf(getOwn(defaults, key), value);
    if (difference !== undefined) setOwn(differences, key, difference);
  }
  for (const key of Object.keys(defaults)) {
    if (!Object.hasOwn(effective, key)) setOwn(differences, key, null);
  }
  return differences;
}

function differenceOf(below: Value | undefined, value: Value): Value | undefined {
  if (!isMap(below) || !isMap(value)) return isDeepStrictEqual(below, value) ? undefined : value;
  const differences = differencesFromDefaults(below, value);
  return Object.keys(differences).length === 0 ? undefined : differences;
}
