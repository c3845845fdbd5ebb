import type { KubeObject } from '../../../src/kube/object.js';
import { crdsOf, type Release } from '../../fixtures/crds/history.js';
import { samplesOf } from './breaking-upgrade.js';
import { specOf } from './crd-cluster.js';

/** Its CRD has ten times the size of the others together, and takes the API server as much longer. */
const HEAVY = 'ModelServing';

/** For tests to which it is the same which CRDs they have. */
export function lightCrdsOf(release: Release): KubeObject[] {
  return crdsOf(release).filter((crd) => specOf(crd).names.kind !== HEAVY);
}

/** The sample resources of these CRDs. */
export function lightSamplesOf(release: Release): KubeObject[] {
  return samplesOf(release).filter(({ kind }) => kind !== HEAVY);
}
