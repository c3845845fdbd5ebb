import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { crds, schemaParts, withoutDescriptions } from './bundled.js';

/**
 * What the API server enforces in Kthena 1.0.0, as the SHA-256 of each CRD's JSON with sorted keys and no descriptions.
 * A stored resource may depend on any of it: replace a digest only along with the release it belongs to.
 */
const DIGESTS: Record<string, string> = {
  AutoscalingPolicy: 'af53b9284437457dd9f7bc8dbf9d2d781337b603077599ae428d7fb7c370f4a5',
  ModelBooster: '407fe294713f7aa89b64739e3999fedabc8e7a5ec54f50e7a93912f7c790fa09',
  ModelRoute: '7fe3f64d4912b71dc2f756e3b150e0544be1efce47ca4d79c7963d84559efded',
  ModelServer: 'ff88662a75f403ddc2c47214e5bc2f1dd36f0c159bf547bed0385f3d64a5cff0',
  ModelServing: '80a20736ef12f9a217fbeff759e708a2f1426a8a493e2dca44fbd068711d8a00',
};

/** The published CRDs, where this checkout has them beside it. */
const published = fileURLToPath(new URL('../../../../shared/facts/crds/', import.meta.url));

it('there is a CRD for every digest', () => {
  expect(crds.map((crd) => crd.spec.names.kind).sort()).toEqual(Object.keys(DIGESTS));
});

describe.each(crds.map((crd) => [crd.spec.names.kind, crd] as const))('%s', (kind, crd) => {
  it('has the schema of the release', () => {
    expect(digest(withoutDescriptions(crd))).toBe(DIGESTS[kind]);
  });

  it.skipIf(!existsSync(published))('equals the published CRD', () => {
    const facts: unknown = JSON.parse(readFileSync(`${published}${crd.spec.names.plural}.json`, 'utf8'));
    expect(withoutDescriptions(crd)).toStrictEqual(facts);
  });

  it('has nothing but what kubectl may apply', () => {
    expect(Object.keys(crd)).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
    expect(Object.keys(crd.metadata)).toEqual(['name']);
  });

  it('is structural: every part has a type, an int-or-string, or keeps unknown fields', () => {
    const untyped = schemaParts(crd)
      .filter(
        ({ schema }) =>
          !schema['type'] && !schema['x-kubernetes-int-or-string'] && !schema['x-kubernetes-preserve-unknown-fields'],
      )
      .map(({ path }) => path);
    expect(untyped).toEqual([]);
  });
});

function digest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sortKeys(value)))
    .digest('hex');
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sortKeys(part)]));
}
