import type { KubeObject } from '../kube/object.js';

export interface Difference {
  /** `spec.template.spec.containers[0].image` */
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
 * Status and server-set metadata are left out; a Secret's values are masked.
 */
export function differences(live: KubeObject, dryRun: KubeObject): Difference[] {
  const found: Difference[] = [];
  compare(comparable(live), comparable(dryRun), '', found);
  return live.kind === 'Secret' ? found.map(masked) : found;
}

function comparable(object: KubeObject): unknown {
  const { status: _status, metadata, ...rest } = object;
  return {
    ...rest,
    metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => !SERVER_METADATA.has(key))),
  };
}

function compare(before: unknown, after: unknown, path: string, found: Difference[]): void {
  if (before === after) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    for (let i = 0; i < Math.max(before.length, after.length); i++)
      compare(before[i], after[i], `${path}[${i}]`, found);
  } else if (isMap(before) && isMap(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[key], after[key], path === '' ? key : `${path}.${key}`, found);
    }
  } else {
    found.push({ path, before, after });
  }
}

function masked({ path, before, after }: Difference): Difference {
  const isValue = path.startsWith('data') || path.startsWith('stringData');
  const mask = (value: unknown): unknown => (isValue && value !== undefined ? '***' : value);
  return { path, before: mask(before), after: mask(after) };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
