import { describe, expect, it } from 'vitest';
import { createResourceCheck } from '../../../src/crds/stored/check.js';
import { crdsOf, RELEASES, type Release } from '../../fixtures/crds/history.js';
import { SAMPLES, SECRET, type Sample } from '../../fixtures/crds/samples.js';

async function checksOf(release: Release) {
  const checks = crdsOf(release).map(async (crd) => {
    const { kind } = (crd['spec'] as { names: { kind: string } }).names;
    return [kind, await createResourceCheck(crd, 'v1alpha1')] as const;
  });
  return new Map(await Promise.all(checks));
}

const named = (samples: readonly Sample[]): [string, Sample][] =>
  samples.map((sample) => [`${sample.resource.kind}/${sample.resource.metadata.name}`, sample]);

describe.each(RELEASES)('the CRDs of %s', async (release) => {
  const checks = await checksOf(release);

  it('can be checked completely', () => {
    expect([...checks.values()].flatMap(({ unchecked }) => unchecked)).toEqual([]);
  });

  it.each(named(SAMPLES[release]))('leave %s as it is', (_, { resource }) => {
    expect(checks.get(resource.kind)!(resource)).toEqual([]);
  });
});

describe.each(RELEASES.slice(1))('the step to %s', async (release) => {
  const checks = await checksOf(release);
  const before = RELEASES[RELEASES.indexOf(release) - 1]!;
  const samples = named(SAMPLES[before]).filter(([, { resource }]) => checks.has(resource.kind));

  it.each(samples)('makes of %s what it should', (_, { resource, problems }) => {
    const given = structuredClone(resource);
    expect(checks.get(resource.kind)!(resource)).toEqual(problems);
    expect(resource).toEqual(given);
  });

  it('shows no values in messages', () => {
    const shown = samples.map(([, { resource }]) => JSON.stringify(checks.get(resource.kind)!(resource)));
    expect(shown.join()).not.toContain(SECRET);
  });
});
