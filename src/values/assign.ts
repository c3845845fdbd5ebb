import { KthenaError } from '../errors.js';
import { markOf, placeAt, placesOf } from './place.js';
import type { Mark, PlacedValues, PlaceNode } from './place.js';
import type { Assignment, SetFlag } from './set-grammar.js';
import { formatPath, getOwn, isMap, setOwn, valueAt } from './value.js';
import type { Value, Values } from './value.js';

interface Target {
  readonly flag: SetFlag;
  readonly base: PlacedValues;
  readonly path: readonly (string | number)[];
  readonly value: Value;
  readonly mark: Mark;
}

interface Placed {
  readonly value: Value;
  readonly place: PlaceNode;
}

/**
 * The values with one assignment of a flag made. It reaches into the lists and maps that are there, as Helm does:
 * `args[1]=x` changes one item of a list from a file. The values given are not changed.
 *
 * @throws KthenaError `values` where the path goes through something that is no map or list
 */
export function assign(base: PlacedValues, { path, value }: Assignment, flag: SetFlag): PlacedValues {
  const mark = markOf(`${flag} ${formatPath(path)}`);
  const target: Target = { flag, base, path, value: value ?? null, mark };
  if (value === undefined) return ensureList(target);
  const { value: values, place } = put(base.values, { mark, items: base.places }, 0, target);
  return { values: values as Values, places: place.items ?? new Map() };
}

/** `a[0]` without a value: Helm makes an empty list where there is none, and nothing else. */
function ensureList(target: Target): PlacedValues {
  const { base, path, flag } = target;
  const existing = valueAt(base.values, path);
  if (Array.isArray(existing)) return base;
  if (existing !== undefined) throw wrongKind(target, path.length, existing, 'no list');
  return assign(base, { path, value: [] }, flag);
}

/** Copies what lies on the path and shares the rest. */
function put(current: Value | undefined, place: PlaceNode | undefined, depth: number, target: Target): Placed {
  const segment = target.path[depth];
  if (segment === undefined) return { value: target.value, place: placesOf(target.value, target.mark) };
  const items = new Map(place?.items);
  const key = String(segment);
  const below = items.get(key);
  const mark = place?.mark ?? target.mark;
  if (typeof segment === 'number') {
    const list = [...listIn(current, depth, target)];
    const item = put(list[segment], below, depth + 1, target);
    while (list.length < segment) list.push(null);
    list[segment] = item.value;
    return { value: list, place: { mark, items: items.set(key, item.place) } };
  }
  const map = { ...mapIn(current, depth, target) };
  const item = put(getOwn(map, segment), below, depth + 1, target);
  setOwn(map, segment, item.value);
  return { value: map, place: { mark, items: items.set(key, item.place) } };
}

function listIn(current: Value | undefined, depth: number, target: Target): Value[] {
  if (Array.isArray(current)) return current;
  if (current === undefined || (current === null && isInList(depth, target))) return [];
  throw wrongKind(target, depth, current, 'no list');
}

/** Inside a list anything but a map gives way to one: `a={x,y},a[0].b=1` makes `[{b: 1}, y]`. */
function mapIn(current: Value | undefined, depth: number, target: Target): Values {
  if (isMap(current)) return current;
  if (current === undefined || isInList(depth, target)) return {};
  throw wrongKind(target, depth, current, 'no map');
}

function isInList(depth: number, { path }: Target): boolean {
  return typeof path[depth - 1] === 'number';
}

function wrongKind({ flag, base, path }: Target, depth: number, current: Value, problem: string): KthenaError {
  const around = path.slice(0, depth);
  const place = placeAt(base, around);
  const found = current === null ? 'null' : problem;
  const where = place === undefined ? '' : ` (set at ${place})`;
  return new KthenaError('values', `${flag} ${formatPath(path)}: ${formatPath(around)} is ${found}${where}`, {
    hint: 'Values inside it can be set only where it is a map, or with an index a list.',
  });
}
