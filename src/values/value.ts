/**
 * JSON data. Maps are plain objects whose keys are all own properties; a key such as `__proto__` is data like any other,
 * so write a map with `setOwn` (or a spread) and read an unknown key with `getOwn`, never with `map[key]`.
 */
export type Value = null | boolean | number | string | Value[] | Values;
export interface Values {
  [key: string]: Value;
}

/** Keys of maps and indexes of lists, from the outside in. */
export type ValuePath = readonly (string | number)[];

/** Bound on nesting of everything that is read, so that recursion over values cannot exhaust the stack. */
export const MAX_DEPTH = 100;

/** Bound on a file of values and on a file that `--set-file` reads, in bytes. */
export const MAX_FILE_BYTES = 5 * 1024 * 1024;

export function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The map's own value at the key; `undefined` where it has none, also for names every object inherits. */
export function getOwn<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Sets the map's own value at the key; assigning to `__proto__` would change the prototype instead. */
export function setOwn<T>(map: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__') {
    Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    map[key] = value;
  }
}

/** The value at the path; `undefined` where there is none. */
export function valueAt(values: Value, path: ValuePath): Value | undefined {
  let value: Value | undefined = values;
  for (const segment of path) {
    if (Array.isArray(value)) value = value[Number(segment)];
    else value = isMap(value) ? getOwn(value, String(segment)) : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

/** `networking.kthenaRouter.image.args[0]`, a dot inside a key escaped as `--set` wants it. */
export function formatPath(path: ValuePath): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else text += `${text === '' ? '' : '.'}${segment.replace(/[\\.,=[]/g, '\\$&')}`;
  }
  return text;
}
