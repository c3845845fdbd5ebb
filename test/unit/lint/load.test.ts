import { describe, expect, it } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import { parseSchemas } from '../../../src/lint/load.js';
import { schemaDocument, SCHEMAS } from './schemas.js';

describe('schemas', () => {
  it('of several documents are one set', () => {
    expect(SCHEMAS.kinds.get('apps/v1/Deployment')).toBe('apps.v1.Deployment');
    expect(SCHEMAS.kinds.get('cert-manager.io/v1/Issuer')).toBe('cert-manager.v1.Issuer');
  });

  it.each([
    ['no document', null],
    ['a document without kinds', { definitions: {} }],
    ['a kind without a definition', { kinds: { 'v1/A': 'A' }, definitions: {} }],
    ['a kind whose definition has no name', { kinds: { 'v1/A': 1 }, definitions: {} }],
    ['a definition that is no schema', { kinds: {}, definitions: { A: 'string' } }],
    ['one definition in two documents', [1, 2].map(() => ({ kinds: {}, definitions: { A: {} } }))],
  ])('are refused for %s', (_what, json) => {
    expect(() => parseSchemas(json)).toThrow(KthenaError);
  });
});

describe('the schemas of Kubernetes 1.34', () => {
  const KUBERNETES = schemaDocument('kubernetes-1.34');

  it('are those of the kinds in use and of no other', () => {
    expect(Object.keys(KUBERNETES.kinds as object)).toEqual([
      'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration',
      'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration',
      'apiextensions.k8s.io/v1/CustomResourceDefinition',
      'apps/v1/Deployment',
      'policy/v1/PodDisruptionBudget',
      'rbac.authorization.k8s.io/v1/ClusterRole',
      'rbac.authorization.k8s.io/v1/ClusterRoleBinding',
      'rbac.authorization.k8s.io/v1/Role',
      'rbac.authorization.k8s.io/v1/RoleBinding',
      'v1/ConfigMap',
      'v1/Namespace',
      'v1/Secret',
      'v1/Service',
      'v1/ServiceAccount',
    ]);
  });

  it('hold every definition they refer to, and none that nothing refers to', () => {
    const text = JSON.stringify([...SCHEMAS.definitions.values()]);
    const referred = new Set(Array.from(text.matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g), ([, name]) => name!));
    expect(new Set([...referred, ...SCHEMAS.kinds.values()])).toEqual(new Set(SCHEMAS.definitions.keys()));
  });

  it('carry the enums, which the OpenAPI documents leave out', () => {
    expect(SCHEMAS.definitions.get('core.v1.Container')!.properties!.imagePullPolicy!.enum).toEqual([
      'Always',
      'IfNotPresent',
      'Never',
    ]);
    expect(SCHEMAS.definitions.get('core.v1.ServiceSpec')!.properties!.type!.enum).toContain('LoadBalancer');
  });
});
