import type { KubeObject } from '../kube/object.js';
import { LAST_APPLIED } from './take-over.js';

export interface Difference {
  /** `spec.template.spec.containers[name="router"].args[2]`; a key with other characters stands in `["…"]`. */
  path: string;
  /** Undefined where the field is not there before, or not there after. */
  before: unknown;
  after: unknown;
}

/** What the server keeps by itself: it differs between two reads of the same intent. */
const SERVER_METADATA = new Set([
  'managedFields',
  'resourceVersion',
  'generation',
  'uid',
  'creationTimestamp',
  'selfLink',
]);

/**
 * What a server-side dry run would change of a live object: both are the server's own answers, so defaults cannot differ.
 * Status, server-set metadata and the traces of client-side apply are left out; a Secret's values are masked.
 */
export function differences(live: KubeObject, dryRun: KubeObject): Difference[] {
  const found: Difference[] = [];
  compare(comparable(live), comparable(dryRun), '', found);
  return found.map(({ path, before, after }) => ({
    path,
    before: maskValue(live.kind, path, before),
    after: maskValue(live.kind, path, after),
  }));
}

function comparable(object: KubeObject): unknown {
  const { status: _status, metadata, ...rest } = object;
  const { annotations, ...others } = metadata;
  return {
    ...rest,
    metadata: {
      ...Object.fromEntries(Object.entries(others).filter(([key]) => !SERVER_METADATA.has(key))),
      annotations: Object.fromEntries(Object.entries(annotations ?? {}).filter(([key]) => key !== LAST_APPLIED)),
    },
  };
}

function compare(before: unknown, after: unknown, path: string, found: Difference[]): void {
  if (before === after) return;
  if (Array.isArray(before) && Array.isArray(after)) compareLists(before, after, path, found);
  else if (isMap(before) && isMap(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[key], after[key], `${path}${segment(key, path)}`, found);
    }
  } else {
    found.push({ path, before, after: isAllocated(before, path) ? ALLOCATED : after });
  }
}

/**
 * Items are told apart by their names, or by their values where they are plain and their number changes, so that one that comes or
 * goes does not make all that follow it look changed; by their places where that does not say it all.
 */
function compareLists(before: readonly unknown[], after: readonly unknown[], path: string, found: Difference[]): void {
  const [from, to] = [itemsByIdentity(before), itemsByIdentity(after)];
  const isByPlace = before.length === after.length && !before.some(isMap);
  if (isByPlace || from === undefined || to === undefined || !haveSameOrder(from, to)) {
    for (let i = 0; i < Math.max(before.length, after.length); i++)
      compare(before[i], after[i], `${path}[${i}]`, found);
    return;
  }
  for (const identity of new Set([...from.keys(), ...to.keys()])) {
    const [own, other] = [from.get(identity), to.get(identity)];
    const index = isMap(own?.item ?? other?.item) ? identity : (own ?? other)!.index;
    compare(own?.item, other?.item, `${path}[${index}]`, found);
  }
}

interface ListItem {
  index: number;
  item: unknown;
}

/** Undefined where two items have the same identity, or one has none. */
function itemsByIdentity(items: readonly unknown[]): Map<string, ListItem> | undefined {
  const byIdentity = new Map<string, ListItem>();
  for (const [index, item] of items.entries()) {
    const identity = isMap(item) ? nameOf(item) : JSON.stringify(item);
    if (identity === undefined || byIdentity.has(identity)) return undefined;
    byIdentity.set(identity, { index, item });
  }
  return byIdentity;
}

function nameOf({ name }: Record<string, unknown>): string | undefined {
  return typeof name === 'string' ? `name=${JSON.stringify(name)}` : undefined;
}

function haveSameOrder(from: ReadonlyMap<string, unknown>, to: ReadonlyMap<string, unknown>): boolean {
  const common = [...from.keys()].filter((identity) => to.has(identity));
  return [...to.keys()].filter((identity) => from.has(identity)).every((identity, index) => identity === common[index]);
}

/** What the server chooses anew each time it is asked. */
const ALLOCATED = '(allocated by the API server)';

function isAllocated(before: unknown, path: string): boolean {
  return before === undefined && /^spec\.(ports\[[^\]]*\]\.nodePort|healthCheckNodePort|clusterIP)$/.test(path);
}

/** Keys of annotations have dots and slashes. */
function segment(key: string, path: string): string {
  if (!/^[\w-]+$/.test(key)) return `[${JSON.stringify(key)}]`;
  return path === '' ? key : `.${key}`;
}

/** The values of a Secret are nobody's to see: `***` stands for one. */
export function maskValue(kind: string, path: string, value: unknown): unknown {
  const isSecret = kind === 'Secret' && /^(data|stringData)\b/.test(path);
  return isSecret && value !== undefined ? '***' : value;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
