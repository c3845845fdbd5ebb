import { describe, expect, it } from 'vitest';
import { compareCrds } from '../../../src/crds/compare/compare.js';
import { ratingOf } from '../../../src/crds/compare/change.js';
import { changesBetween, crd, version } from './samples.js';

const names = (parts: object): Record<string, unknown> => ({ names: { kind: 'Thing', plural: 'things', ...parts } });
const one = (parts: Record<string, unknown>): Record<string, unknown> => ({
  versions: [version('v1', { storage: true, ...parts })],
});
const two = (first: object = {}, second: object = {}): unknown[] => [
  version('v1', { storage: true, ...first }),
  version('v2', { ...second }),
];
const V1 = 'spec.versions[v1]';

type Spec = Record<string, unknown>;

describe('changes of a CRD around its schema', () => {
  it.each<[what: string, before: Spec, after: Spec, expected: string[]]>([
    ['scope', {}, { scope: 'Cluster' }, ['spec.scope scope-changed breaking']],
    ['group', {}, { group: 'other.example' }, ['spec.group group-changed breaking']],
    [
      'kind',
      {},
      names({ kind: 'Other', singular: 'thing', listKind: 'ThingList' }),
      ['spec.names.kind kind-changed breaking'],
    ],
    ['plural', {}, names({ plural: 'thingies' }), ['spec.names.plural plural-changed breaking']],
    ['short names', names({ shortNames: ['th'] }), names({}), ['spec.names.shortNames names-changed safe']],
    ['categories', {}, names({ categories: ['all'] }), ['spec.names.categories names-changed safe']],
    [
      'unknown fields no longer kept',
      { preserveUnknownFields: true },
      { preserveUnknownFields: false },
      ['spec.preserveUnknownFields unknown-fields-dropped breaking'],
    ],
    ['version added', {}, { versions: two() }, ['spec.versions[v2] version-added safe']],
    ['served version removed', { versions: two() }, {}, ['spec.versions[v2] version-removed breaking']],
    [
      'unserved version removed',
      { versions: two({}, { served: false }) },
      {},
      ['spec.versions[v2] version-removed safe'],
    ],
    [
      'version no longer served',
      { versions: two() },
      { versions: two({}, { served: false }) },
      ['spec.versions[v2].served version-not-served breaking'],
    ],
    [
      'version served again',
      { versions: two({}, { served: false }) },
      { versions: two() },
      ['spec.versions[v2].served version-served safe'],
    ],
    ['version deprecated', {}, one({ deprecated: true }), ['spec.versions[v1].deprecated version-deprecated safe']],
    [
      'storage version',
      { versions: two() },
      { versions: two({ storage: false }, { storage: true }) },
      ['spec.versions storage-version-changed tightening'],
    ],
    [
      'status endpoint removed',
      one({ subresources: { status: {} } }),
      {},
      [`${V1}.subresources.status status-subresource-removed breaking`],
    ],
    [
      'status endpoint added',
      {},
      one({ subresources: { status: {} } }),
      [`${V1}.subresources.status status-subresource-added tightening`],
    ],
    [
      'scale removed',
      one({ subresources: { scale: { specReplicasPath: '.spec.a' } } }),
      {},
      [`${V1}.subresources.scale scale-subresource-removed breaking`],
    ],
    [
      'scale added',
      {},
      one({ subresources: { scale: { specReplicasPath: '.spec.a' } } }),
      [`${V1}.subresources.scale scale-subresource-added tightening`],
    ],
    [
      'scale of another field',
      one({ subresources: { scale: { specReplicasPath: '.spec.a' } } }),
      one({ subresources: { scale: { specReplicasPath: '.spec.b' } } }),
      [`${V1}.subresources.scale scale-subresource-changed tightening`],
    ],
    [
      'field selectors',
      one({ selectableFields: [{ jsonPath: '.spec.a' }] }),
      one({ selectableFields: [{ jsonPath: '.spec.b' }] }),
      [
        `${V1}.selectableFields selectable-field-removed breaking`,
        `${V1}.selectableFields selectable-field-added safe`,
      ],
    ],
    [
      'printer columns',
      one({ additionalPrinterColumns: [{ name: 'A', jsonPath: '.spec.a', type: 'string' }] }),
      one({ additionalPrinterColumns: [{ name: 'B', jsonPath: '.spec.a', type: 'string' }] }),
      [`${V1}.additionalPrinterColumns printer-columns-changed safe`],
    ],
    [
      'description of a printer column',
      one({ additionalPrinterColumns: [{ name: 'A', jsonPath: '.spec.a', type: 'string', description: 'Old.' }] }),
      one({ additionalPrinterColumns: [{ name: 'A', jsonPath: '.spec.a', type: 'string' }] }),
      [],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(changesBetween(crd(before), crd(after))).toEqual(expected);
  });
});

describe('changes of the conversion', () => {
  const webhook = (path: string, clientConfig: object = {}): Spec => ({
    conversion: {
      strategy: 'Webhook',
      webhook: {
        clientConfig: { service: { namespace: 'system', name: 'convert', path }, ...clientConfig },
        conversionReviewVersions: ['v1'],
      },
    },
  });
  it.each<[what: string, before: Spec, after: Spec, expected: string[]]>([
    ['with one version', {}, webhook('/a'), ['spec.conversion.strategy conversion-changed safe']],
    [
      'with two versions',
      { versions: two() },
      { versions: two(), ...webhook('/a') },
      ['spec.conversion.strategy conversion-changed breaking'],
    ],
    [
      'of the webhook',
      { versions: two(), ...webhook('/a') },
      { versions: two(), ...webhook('/b') },
      ['spec.conversion.webhook conversion-webhook-changed tightening'],
    ],
    ['of its CA', webhook('/a', { caBundle: 'b2xk' }), webhook('/a'), []],
  ])('%s', (_, before, after, expected) => {
    expect(changesBetween(crd(before), crd(after))).toEqual(expected);
  });
});

describe('versions in which resources are stored', () => {
  it('must stay, served or not', () => {
    const installed = crd({ versions: two({}, { served: false }) }, { storedVersions: ['v1', 'v2'] });
    expect(compareCrds(installed, crd())).toEqual([
      {
        path: 'spec.versions[v2]',
        rule: 'stored-version-removed',
        rating: 'breaking',
        message:
          'the API server refuses this while status.storedVersions names v2: resources may still be stored in it',
      },
    ]);
  });
});

describe('what the API server fills in', () => {
  it('is no change, in either direction', () => {
    const written = crd({ names: { kind: 'Thing', plural: 'things' } });
    const served = crd(
      {
        names: { kind: 'Thing', plural: 'things', singular: 'thing', listKind: 'ThingList' },
        conversion: { strategy: 'None' },
        preserveUnknownFields: false,
      },
      { storedVersions: ['v1'], acceptedNames: {}, conditions: [] },
    );
    served.metadata = { ...served.metadata, uid: '1', resourceVersion: '2', annotations: { a: 'b' } };
    expect(compareCrds(served, written)).toEqual([]);
    expect(compareCrds(written, served)).toEqual([]);
  });
});

describe('ratingOf', () => {
  it('is the worst, and safe for none', () => {
    const rated = (rating: 'safe' | 'tightening' | 'breaking') => ({ path: '', rule: '', message: '', rating });
    expect(ratingOf([])).toBe('safe');
    expect(ratingOf([rated('safe'), rated('tightening')])).toBe('tightening');
    expect(ratingOf([rated('breaking'), rated('safe')])).toBe('breaking');
  });
});

describe('something that is not a CRD', () => {
  it.each([undefined, {}, { group: 'a', scope: 'Cluster', names: {} }])('is refused with what it lacks: %j', (spec) => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, spec };
    expect(() => compareCrds(object, crd())).toThrow('ConfigMap/x is not a complete CustomResourceDefinition');
  });
});
