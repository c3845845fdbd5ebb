import { readdirSync, readFileSync } from 'node:fs';
import { load, loadAll } from 'js-yaml';
import type { KubeObject } from '../../../src/kube/object.js';

const root = new URL('../../../', import.meta.url);

/** The objects of a golden case: release `kthena` in namespace `kthena-system`. */
export function goldenObjects(name: string): KubeObject[] {
  const text = readFileSync(new URL(`test/golden/cases/${name}/objects.yaml`, root), 'utf8');
  return loadAll(text).filter((document) => document !== null) as KubeObject[];
}

/** The CRDs as they are shipped. */
export function shippedCrds(): KubeObject[] {
  const files = readdirSync(new URL('crds/', root)).filter((name) => name.endsWith('.yaml'));
  return files.map((name) => load(readFileSync(new URL(`crds/${name}`, root), 'utf8')) as KubeObject);
}

/**
 * Where `actual` does not hold all that `expected` has, as `path: expected, actual`. Maps may have more keys, which the server
 * adds as defaults; lists and scalars must be the same.
 */
export function missingFrom(actual: unknown, expected: unknown, path = ''): string[] {
  if (isMap(expected) && isMap(actual)) {
    return Object.entries(expected).flatMap(([key, value]) => missingFrom(actual[key], value, `${path}.${key}`));
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return expected.flatMap((value, index) => missingFrom(actual[index], value, `${path}[${index}]`));
  }
  return actual === expected ? [] : [`${path}: ${JSON.stringify(expected)}, ${JSON.stringify(actual)}`];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
