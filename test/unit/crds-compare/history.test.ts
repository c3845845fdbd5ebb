import { describe, expect, it } from 'vitest';
import { ratingOf, type CrdChange } from '../../../src/crds/compare/change.js';
import { compareCrds } from '../../../src/crds/compare/compare.js';
import type { KubeObject } from '../../../src/kube/object.js';
import { crdsOf, RELEASES, type Release } from '../../fixtures/crds/history.js';

/** What changes from a release to the next, by kind: `path rule rating`. */
const STEPS: Readonly<Record<string, Record<string, string[]>>> = {
  '0.2 → 0.3': {
    ModelServing: ['v1alpha1: spec.rolloutStrategy.rollingUpdateConfiguration.maxSurge field-removed breaking'],
  },
  '0.3 → 0.4': {
    ModelRoute: ['v1alpha1: spec.rules[].targetModels bound-tightened tightening'],
    ModelServing: [
      'v1alpha1: spec.rolloutStrategy.rollingUpdateConfiguration.partition type-widened safe',
      'v1alpha1: spec.rolloutStrategy.rollingUpdateConfiguration.partition format-removed safe',
      'v1alpha1: spec.rolloutStrategy.type enum-widened safe',
    ],
  },
  '0.4 → 1.0': {
    AutoscalingPolicy: [
      'v1alpha1: spec.metrics[].metricName field-removed breaking',
      'v1alpha1: spec.metrics[].name field-added safe',
      'v1alpha1: spec.metrics[].name required-added breaking',
    ],
    ModelBooster: [
      'v1alpha1: spec.autoscalingPolicy field-removed breaking',
      'v1alpha1: spec.backend.maxReplicas field-removed breaking',
      'v1alpha1: spec.backend.minReplicas field-removed breaking',
      'v1alpha1: spec.backend.replicas field-added safe',
      'v1alpha1: spec.backend.replicas required-added breaking',
    ],
  },
  '1.0 → main': {
    AutoscalingPolicy: [
      'disaggregatedTarget.roles{}',
      'heterogeneousTarget.params[].target',
      'homogeneousTarget.target',
    ]
      .map((target) => `v1alpha1: spec.${target}.metricSources{}.pod`)
      .flatMap((pod) => [
        `${pod}.port bound-tightened tightening`,
        `${pod}.port bound-tightened tightening`,
        `${pod}.uri pattern-added tightening`,
      ]),
    ModelServer: ['v1alpha1: spec.workloadPort required-added breaking'],
  },
};

const kindOf = (crd: KubeObject): string => (crd['spec'] as { names: { kind: string } }).names.kind;

/** The changes of every CRD that both releases have, those without changes left out. */
function step(from: Release, to: Release): Record<string, CrdChange[]> {
  const wanted = new Map(crdsOf(to).map((crd) => [kindOf(crd), crd]));
  const changes = crdsOf(from).flatMap((crd): [string, CrdChange[]][] => {
    const next = wanted.get(kindOf(crd));
    const found = next === undefined ? [] : compareCrds(crd, next);
    return found.length === 0 ? [] : [[kindOf(crd), found]];
  });
  return Object.fromEntries(changes);
}

describe('what changed from release to release', () => {
  it.each(RELEASES.slice(1).map((to, index) => [RELEASES[index]!, to] as const))('%s → %s', (from, to) => {
    const changes = Object.entries(step(from, to)).map(([kind, found]): [string, string[]] => [
      kind,
      found.map(({ path, rule, rating }) => `${path} ${rule} ${rating}`),
    ]);
    expect(Object.fromEntries(changes)).toEqual(STEPS[`${from} → ${to}`]);
  });

  it.each(RELEASES)('is nothing within %s', (release) => {
    expect(step(release, release)).toEqual({});
  });

  it('is rated as a whole by the worst of it', () => {
    const ratings = Object.entries(step('0.3', '0.4')).map(([kind, changes]) => [kind, ratingOf(changes)]);
    expect(Object.fromEntries(ratings)).toEqual({ ModelRoute: 'tightening', ModelServing: 'safe' });
  });

  it('tells what was and what is to be', () => {
    const [bound] = step('0.3', '0.4')['ModelRoute']!;
    expect(bound).toEqual({
      path: 'v1alpha1: spec.rules[].targetModels',
      rule: 'bound-tightened',
      rating: 'tightening',
      message: 'minItems: fewer values are valid',
      after: 1,
    });
  });
});

describe('CRDs that come and go', () => {
  it.each([
    ['0.4', '1.0', ['AutoscalingPolicyBinding'], []],
    ['1.0', 'main', [], ['ExternalModelProvider']],
  ] as const)('%s → %s', (from, to, gone, come) => {
    const [before, after] = [crdsOf(from).map(kindOf), crdsOf(to).map(kindOf)];
    expect(before.filter((kind) => !after.includes(kind))).toEqual(gone);
    expect(after.filter((kind) => !before.includes(kind))).toEqual(come);
  });
});
