/**
 * Expands the source form of a CRD. The only construct is `$ref: <file>#/<definition>` in a map:
 * it stands for a copy of that definition, over which the keys beside it are laid, map by map.
 */

/** @typedef {Record<string, Record<string, unknown>>} Library definitions by file (without extension), then by name */

/**
 * @param {unknown} node what to expand; not changed
 * @param {Library} library
 * @param {string[]} [trail] the references being expanded, outermost first
 * @returns {unknown} a copy without references
 * @throws {Error} for a reference that leads nowhere or back to itself
 */
export function expand(node, library, trail = []) {
  if (Array.isArray(node)) return node.map((item) => expand(item, library, trail));
  if (!isMap(node)) return node;
  const { $ref, ...own } = node;
  const expanded = Object.fromEntries(Object.entries(own).map(([key, value]) => [key, expand(value, library, trail)]));
  return $ref === undefined ? expanded : overlay(resolve(String($ref), library, trail), expanded);
}

/**
 * @param {string} reference
 * @param {Library} library
 * @param {string[]} trail
 */
function resolve(reference, library, trail) {
  const path = [...trail, reference];
  if (trail.includes(reference)) throw new Error(`circular reference ${path.join(' → ')}`);
  const [file = '', name = ''] = reference.split('#/');
  const definition = library[file]?.[name];
  if (definition === undefined) throw new Error(`unknown reference ${path.join(' → ')}`);
  return expand(definition, library, path);
}

/**
 * Maps are merged, anything else in `top` replaces what is in `base`.
 *
 * @param {unknown} base
 * @param {unknown} top
 * @returns {unknown}
 */
function overlay(base, top) {
  if (!isMap(base) || !isMap(top)) return top;
  const merged = { ...base };
  for (const [key, value] of Object.entries(top)) merged[key] = key in base ? overlay(base[key], value) : value;
  return merged;
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isMap(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
