import { describe, expect, it } from 'vitest';
import { BUNDLE_VERSION, isDowngrade } from '../../../src/crds/direction.js';
import type { KubeObject } from '../../../src/kube/object.js';
import { crdOf, type Release } from '../../fixtures/crds/history.js';

/** @param managers of its spec */
function servers(release: Release, version: string | undefined, ...managers: string[]): KubeObject {
  const crd = crdOf(release, 'ModelServer');
  crd.metadata.annotations = version === undefined ? {} : { [BUNDLE_VERSION]: version };
  crd.metadata.managedFields = managers.map((manager) => ({
    manager,
    operation: 'Apply',
    fieldsV1: { 'f:spec': { 'f:versions': {} } },
  }));
  return crd;
}

/** `main` has everything of 1.0, and more. */
describe('which of two CRDs is newer', () => {
  it.each<[string, KubeObject, KubeObject, boolean]>([
    ['a later version was applied', servers('1.0', '1.1.0', 'kthena'), servers('1.0', '1.0.0'), true],
    [
      'an earlier one was, of which something is gone',
      servers('main', '0.9.0', 'kthena'),
      servers('1.0', '1.0.0'),
      false,
    ],
    ['nobody says, and it has more', servers('main', undefined, 'helm'), servers('1.0', '1.0.0'), true],
    ['nobody says, and it has less', servers('1.0', undefined, 'helm'), servers('main', '1.0.0'), false],
    [
      'an earlier one was, and others after it',
      servers('main', '0.9.0', 'kthena', 'helm'),
      servers('1.0', '1.0.0'),
      true,
    ],
    ['the same one was, and has more since', servers('main', '1.0.0', 'kthena', 'helm'), servers('1.0', '1.0.0'), true],
    ['the annotation is no version', servers('main', 'latest', 'kthena'), servers('1.0', '1.0.0'), true],
    ['both are the same', servers('1.0', '1.0.0', 'kthena'), servers('1.0', '1.0.0'), false],
  ])('%s', (_, installed, wanted, expected) => {
    expect(isDowngrade(installed, wanted, 'kthena')).toBe(expected);
  });
});
