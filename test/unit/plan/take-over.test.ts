import { describe, expect, it } from 'vitest';
import { takeOver } from '../../../src/plan/take-over.js';
import type { KubeObject, ManagedFieldsEntry } from '../../../src/kube/object.js';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function crd(managedFields: ManagedFieldsEntry[], annotations?: Record<string, string>): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'a', managedFields, ...(annotations === undefined ? {} : { annotations }) },
  };
}

const owns = (
  manager: string,
  operation: 'Apply' | 'Update',
  fieldsV1: Record<string, unknown>,
): ManagedFieldsEntry => ({
  manager,
  operation,
  fieldsV1,
});

describe('takeOver', () => {
  it.each([
    ['helm', 'Update'],
    ['helm', 'Apply'],
    ['kubectl-client-side-apply', 'Update'],
    ['kubectl', 'Apply'],
  ] as const)('makes what %s (%s) owns ours', (manager, operation) => {
    const taken = takeOver(crd([owns(manager, operation, { 'f:spec': { 'f:a': {} } })]), 'kthena');
    expect(taken?.metadata.managedFields).toMatchObject([
      { manager: 'kthena', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:a': {} } } },
    ]);
  });

  it('joins the fields of several predecessors with our own in one entry', () => {
    const taken = takeOver(
      crd([
        owns('helm', 'Update', { 'f:spec': { 'f:a': {} } }),
        owns('kubectl-client-side-apply', 'Update', { 'f:spec': { 'f:b': { '.': {} } } }),
        owns('kthena', 'Apply', { 'f:spec': { 'f:c': {} } }),
      ]),
      'kthena',
    );
    expect(taken?.metadata.managedFields).toHaveLength(1);
    expect(taken?.metadata.managedFields?.[0]?.fieldsV1).toEqual({
      'f:spec': { 'f:a': {}, 'f:b': { '.': {} }, 'f:c': {} },
    });
  });

  it('leaves the fields of others, and of a subresource, alone', () => {
    const others = [
      owns('argocd', 'Apply', { 'f:spec': {} }),
      { ...owns('helm', 'Update', { 'f:status': {} }), subresource: 'status' },
    ];
    const taken = takeOver(crd([...others, owns('helm', 'Update', {})]), 'kthena');
    expect(taken?.metadata.managedFields?.slice(0, 2)).toEqual(others);
  });

  it('removes the annotation of client-side apply, and its field', () => {
    const fields = { 'f:metadata': { 'f:annotations': { '.': {}, [`f:${LAST_APPLIED}`]: {} } }, 'f:spec': {} };
    const taken = takeOver(
      crd([owns('kubectl-client-side-apply', 'Update', fields)], { [LAST_APPLIED]: '{}', team: 'serving' }),
      'kthena',
    );
    expect(taken?.metadata.annotations).toEqual({ team: 'serving' });
    expect(taken?.metadata.managedFields?.[0]?.fieldsV1).toEqual({ 'f:metadata': {}, 'f:spec': {} });
  });

  it('finds nothing to do where only we and strangers own fields', () => {
    expect(takeOver(crd([owns('kthena', 'Apply', {}), owns('argocd', 'Apply', {})]), 'kthena')).toBeUndefined();
  });
});
