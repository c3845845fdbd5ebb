import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { extensionFindings, GATEWAY_API, INFERENCE_EXTENSION } from '../../../src/preflight/gateway-api.js';
import { bundleVersion, crdProblem, type FoundCrd } from '../../../src/preflight/needed-crds.js';
import { volcanoFindings } from '../../../src/preflight/volcano.js';

const NAME = 'gateways.gateway.networking.k8s.io';
const ANNOTATION = 'gateway.networking.k8s.io/bundle-version';

interface CrdParts {
  version?: string;
  served?: boolean;
  established?: boolean;
  metadata?: Partial<KubeObject['metadata']>;
}

function crd({ version = 'v1', served = true, established = true, metadata = {} }: CrdParts = {}): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: NAME, ...metadata },
    spec: { versions: [{ name: version, served, storage: true }] },
    status: { conditions: [{ type: 'Established', status: established ? 'True' : 'False' }] },
  };
}
const found = (parts?: CrdParts): FoundCrd => ({ name: NAME, version: 'v1', crd: crd(parts) });
const absent: FoundCrd = { name: NAME, version: 'v1', crd: undefined };
const of = (release: string): CrdParts => ({ metadata: { annotations: { [ANNOTATION]: release } } });

describe('a CRD that is needed', () => {
  it.each([
    ['not in the cluster', absent],
    ['being deleted', found({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })],
    ['not served as v1, only as v1beta1', found({ version: 'v1beta1' })],
    ['not served as v1', found({ served: false })],
    ['not established yet', found({ established: false })],
  ])('%s', (problem, each) => expect(crdProblem(each)).toBe(problem));

  it('can be used', () => expect(crdProblem(found())).toBeUndefined());
});

it.each([
  ['v1.2.1', { text: 'v1.2.1', major: 1, minor: 2 }],
  ['v1.10.0-rc.1', { text: 'v1.10.0-rc.1', major: 1, minor: 10 }],
  ['main-dev', undefined],
])('the release %s is read', (release, version) => {
  expect(bundleVersion(crd(of(release)), ANNOTATION)).toEqual(version);
});

describe('the CRDs of the Gateway API', () => {
  const findings = (each: FoundCrd) => extensionFindings(GATEWAY_API, [each]);

  it('stop an install that the router would end without them', () => {
    const [finding] = findings(absent);
    expect(finding).toMatchObject({ severity: 'warning', seen: expect.stringContaining(`CRD ${NAME} is not in`) });
    expect(finding!.hint).toContain('networking.kthenaRouter.gatewayAPI.enabled');
  });

  it.each(['v1.3.0', 'v0.8.1'])('of %s are a warning', (release) => {
    expect(findings(found(of(release)))).toMatchObject([
      { severity: 'warning', seen: expect.stringContaining(`of ${release}, older than v1.4`) },
    ]);
  });

  it.each(['v1.4.0', 'v1.5.1', 'v2.0.0', 'main-dev'])('of %s are silent', (release) => {
    expect(findings(found(of(release)))).toEqual([]);
  });
});

it('the CRD of the inference extension has a release of its own', () => {
  const metadata = { annotations: { 'inference.networking.k8s.io/bundle-version': 'v1.0.0' } };
  expect(extensionFindings(INFERENCE_EXTENSION, [found({ metadata })])).toMatchObject([
    { severity: 'warning', seen: expect.stringContaining('inference extension are of v1.0.0') },
  ]);
});

it('Volcano is no more than an information', () => {
  expect(volcanoFindings(absent)).toMatchObject([{ severity: 'info', seen: expect.stringContaining('gangPolicy') }]);
  expect(volcanoFindings(found())).toEqual([]);
});
