export type JsonMap = Record<string, unknown>;

/** A map inside an object, with its path for messages. */
export interface Node {
  path: string;
  map: JsonMap;
}

export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Path of a field with a fixed name: `spec.replicas`. */
export function fieldPath(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}

/** Path of an entry whose key is the user's: `metadata.labels[app]`. */
export function keyPath(path: string, key: string): string {
  return `${path}[${key}]`;
}

/** The map in `node[field]`; an empty one where there is none, so that checks of what is in it find nothing. */
export function childOf(node: Node, field: string): Node {
  const value = node.map[field];
  return { path: fieldPath(node.path, field), map: isMap(value) ? value : {} };
}

/** The maps in the list `node[field]`; whatever is not a map is the structure check's to report. */
export function itemsOf(node: Node, field: string): Node[] {
  const path = fieldPath(node.path, field);
  const list = node.map[field];
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown, index) => (isMap(item) ? [{ path: `${path}[${index}]`, map: item }] : []));
}

/** The string in `node[field]`; undefined where it is missing, empty or something else. */
export function textOf(node: Node, field: string): string | undefined {
  const value = node.map[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
