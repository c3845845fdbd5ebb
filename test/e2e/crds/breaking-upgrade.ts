import type { KubeObject } from '../../../src/kube/object.js';
import type { Release } from '../../fixtures/crds/history.js';
import { SAMPLES } from '../../fixtures/crds/samples.js';

/** What becoming 1.0.0 does to the sample resources of an older release. */
export interface Breaks {
  /** No longer valid: an update that touches the broken part is refused. */
  invalid: string[];
  /** Stays valid, without a field. */
  loses: string[];
}

export type OldRelease = Extract<Release, '0.2' | '0.3' | '0.4'>;

export const BREAKS: Record<OldRelease, Breaks> = {
  '0.2': {
    invalid: ['AutoscalingPolicy/models/kept', 'ModelBooster/models/kept'],
    loses: ['ModelServing/models/surging'],
  },
  '0.3': {
    invalid: ['AutoscalingPolicy/models/kept', 'ModelBooster/models/kept', 'ModelRoute/models/without-targets'],
    loses: [],
  },
  '0.4': {
    invalid: ['AutoscalingPolicy/models/old-names', 'ModelBooster/models/scaled'],
    loses: [],
  },
};

export function samplesOf(release: Release): KubeObject[] {
  return SAMPLES[release].map(({ resource }) => resource);
}

/** JSON merge patches that make a resource fit 1.0.0 while the old CRDs are there; where there is none it has to be deleted. */
export const REPAIRS: Record<string, object | undefined> = {
  AutoscalingPolicy: { spec: { metrics: null } },
  ModelBooster: undefined,
  ModelRoute: { spec: { rules: [{ name: 'main', targetModels: [{ modelServerName: 'llama' }] }] } },
  ModelServing: { spec: { rolloutStrategy: { rollingUpdateConfiguration: { maxSurge: null } } } },
};

/** A small change of the spec close to what broke, harmless in itself. */
export function touch(resource: KubeObject): void {
  const spec = resource['spec'] as Spec;
  switch (resource.kind) {
    case 'AutoscalingPolicy':
      if (spec.metrics === undefined) spec.tolerancePercent = 6;
      else spec.metrics[0]!.targetValue = '600m';
      return;
    case 'ModelBooster':
      spec.backend!.name = 'renamed';
      return;
    case 'ModelRoute':
      spec.rules![0]!.targetModels[0]!.weight = 50;
      return;
    case 'ModelServer':
      spec.model = 'llama-2';
      return;
    default:
      spec.replicas = 3;
  }
}

interface Spec {
  metrics?: { targetValue: string }[];
  tolerancePercent?: number;
  backend?: { name: string };
  rules?: { targetModels: { weight: number }[] }[];
  model?: string;
  replicas?: number;
}
