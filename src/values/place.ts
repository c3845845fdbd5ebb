import { getOwn, isMap, setOwn } from './value.js';
import type { Value, ValuePath, Values } from './value.js';

/** Where something was written: a file that turns an offset into line and column, or a flag. */
export interface Mark {
  readonly source: { describe(offset: number): string };
  /** In characters from the start of a file; 0 for a flag. */
  readonly offset: number;
}

/** Where a value was written and, below it, where each of its items was. */
export interface PlaceNode {
  readonly mark: Mark;
  readonly items?: ReadonlyMap<string, PlaceNode>;
}

/** Values that come from outside, with the place of each; the keys of `places` are those of `values`. */
export interface PlacedValues {
  readonly values: Values;
  readonly places: ReadonlyMap<string, PlaceNode>;
}

export function describeMark({ source, offset }: Mark): string {
  return source.describe(offset);
}

/** A mark for something that has one place as a whole, such as a flag. */
export function markOf(description: string): Mark {
  return { source: { describe: () => description }, offset: 0 };
}

/** The places of a value that was written as a whole in one place. */
export function placesOf(value: Value, mark: Mark): PlaceNode {
  if (typeof value !== 'object' || value === null) return { mark };
  const items = Object.entries(value).map(([key, item]): [string, PlaceNode] => [key, placesOf(item, mark)]);
  return { mark, items: new Map(items) };
}

/** Values that were all written in one place. */
export function placedAt(values: Values, mark: Mark): PlacedValues {
  return { values, places: placesOf(values, mark).items ?? new Map() };
}

/**
 * Where the value at the path was written, or the nearest value around it that was written as a whole;
 * `undefined` where nothing was written at this path.
 */
export function placeAt({ values, places }: PlacedValues, path: ValuePath): string | undefined {
  let value: Value | undefined = values;
  let items: ReadonlyMap<string, PlaceNode> | undefined = places;
  let mark: Mark | undefined;
  for (const segment of path) {
    const key = String(segment);
    if (isMap(value)) {
      value = getOwn(value, key);
      if (value === undefined) return undefined;
    } else {
      value = Array.isArray(value) ? value[Number(segment)] : undefined;
    }
    const node: PlaceNode | undefined = items?.get(key);
    mark = node?.mark ?? mark;
    items = node?.items;
  }
  return mark === undefined ? undefined : describeMark(mark);
}

/** The later values over the earlier: maps merge, everything else, `null` included, replaces. Neither is changed. */
export function overlay(earlier: PlacedValues, later: PlacedValues): PlacedValues {
  const values = { ...earlier.values };
  const places = new Map(earlier.places);
  for (const [key, value] of Object.entries(later.values)) {
    const below = getOwn(values, key);
    const node = later.places.get(key);
    if (!isMap(below) || !isMap(value)) {
      setOwn(values, key, value);
      if (node !== undefined) places.set(key, node);
      continue;
    }
    const merged = overlay(inside(below, places.get(key)), inside(value, node));
    setOwn(values, key, merged.values);
    const mark = node?.mark ?? places.get(key)?.mark;
    if (mark !== undefined) places.set(key, { mark, items: merged.places });
  }
  return { values, places };
}

function inside(values: Values, node: PlaceNode | undefined): PlacedValues {
  return { values, places: node?.items ?? new Map() };
}
