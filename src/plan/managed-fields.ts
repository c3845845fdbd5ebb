/**
 * A set of fields as the API server records it for each manager (meta/v1 FieldsV1): a tree of maps whose keys are `f:<name>` for a
 * field, `k:<json>` for the item of a list with these keys, `v:<json>` for an item of a set, `.` for the thing itself.
 */
export type FieldSet = Record<string, unknown>;

/** Every field that is in one of the two. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  const result: FieldSet = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const own = result[key];
    result[key] = own === undefined ? value : union(own as FieldSet, value as FieldSet);
  }
  return result;
}

/**
 * The set without a field, wherever it stands: `f:caBundle`, say.
 *
 * @param name as in the set
 */
export function without(fields: FieldSet, name: string): FieldSet {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (key === name ? [] : [[key, without(value as FieldSet, name)]])),
  );
}

/**
 * The value as it is once a manager gives up fields: those that nobody else holds go, as the API server takes them out on the next
 * apply. Defaults are not put in their places.
 *
 * @param given fields that are given up
 * @param held fields that somebody still holds
 */
export function withoutFields(value: unknown, given: FieldSet, held: FieldSet): unknown {
  let result = value;
  for (const [key, below] of Object.entries(given)) {
    if (key === '.') continue;
    const heldBelow = held[key] as FieldSet | undefined;
    const isWhole = heldBelow === undefined && isMember(key, below as FieldSet);
    result = isWhole
      ? change(result, key, () => undefined)
      : change(result, key, (part) => withoutFields(part, below as FieldSet, heldBelow ?? {}));
  }
  return result;
}

/** A leaf is held as a whole, and so is what has a dot; whoever holds something in a named field is taken to hold the field too. */
function isMember(key: string, below: FieldSet): boolean {
  return key.startsWith('f:') || '.' in below || Object.keys(below).length === 0;
}

/** A copy in which the part of a key is another one, or gone where `replace` gives undefined. */
function change(value: unknown, key: string, replace: (part: unknown) => unknown): unknown {
  const name = key.slice(2);
  if (key.startsWith('f:')) {
    if (!isMap(value) || !(name in value)) return value;
    const { [name]: part, ...others } = value;
    const replaced = replace(part);
    return replaced === undefined ? others : { ...value, [name]: replaced };
  }
  if (!Array.isArray(value)) return value;
  const matches = matcher(key, name);
  return value.flatMap((item: unknown) => {
    if (!matches(item)) return [item];
    const replaced = replace(item);
    return replaced === undefined ? [] : [replaced];
  });
}

function matcher(key: string, text: string): (item: unknown) => boolean {
  if (key.startsWith('i:')) return () => false;
  const wanted = JSON.parse(text) as unknown;
  if (key.startsWith('v:')) return (item) => item === wanted;
  return (item) =>
    isMap(item) && Object.entries(wanted as Record<string, unknown>).every(([name, part]) => item[name] === part);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
