import { describe, expect, it } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import { reasonOf, refusalOf } from '../../../src/backup/refusal.js';
import { refusedName } from '../../../src/backup/refused-file.js';
import { selectKinds } from '../../../src/backup/kinds.js';
import { reasonToLeaveOut } from '../../../src/backup/selection.js';
import { statusError } from '../../../src/kube/status-error.js';
import { GROUPS, route } from './samples.js';

function answer(status: number, message: string, causes?: object[]): KthenaError {
  const body = JSON.stringify({ kind: 'Status', message, details: { causes } });
  const caller = { server: 'https://x', context: 'x', user: undefined };
  return statusError(status, body, { verb: 'create', subject: 'ModelRoute/models/a' }, caller);
}

describe('an answer to a creation', () => {
  it.each([
    [422, 'ModelRoute is invalid: spec.rules: Required value', 'refused'],
    [400, 'strict decoding error', 'refused'],
    [413, 'Request entity too large', 'refused'],
    [403, 'admission webhook "validate.x" denied the request: no targets', 'refused'],
    [422, "ValidatingAdmissionPolicy 'x' with binding 'y' denied request: no", 'refused'],
    [403, 'User "bob" cannot create resource "modelroutes"', 'failed'],
    [403, 'unable to create new content in namespace models because it is being terminated', 'failed'],
    [403, 'exceeded quota: objects', 'failed'],
    [404, 'namespaces "models" not found', 'failed'],
    [500, 'Internal error occurred: failed calling webhook "v.x": no endpoints available', 'webhook'],
    [500, 'etcdserver: request timed out', 'passing'],
    [503, 'the server is currently unable to handle the request', 'passing'],
    [429, 'too many requests', 'passing'],
    [401, 'Unauthorized', undefined],
  ])('of %i, %s, means %s', (status, message, refusal) => {
    expect(refusalOf(answer(status, message))).toBe(refusal);
  });

  it('may be none', () => {
    expect(refusalOf(new KthenaError('unreachable', 'gone'))).toBe('passing');
    expect(refusalOf(new KthenaError('interrupted', 'stopped'))).toBeUndefined();
    expect(refusalOf(new TypeError('a defect'))).toBeUndefined();
  });

  it('has its reason in one line', () => {
    const causes = [
      { field: 'spec.rules', message: 'Required value' },
      { field: 'spec.modelName', message: 'Too long' },
    ];
    const error = answer(422, 'is invalid', causes);
    expect(reasonOf(error, 'ModelRoute/models/a')).toBe('spec.rules: Required value; spec.modelName: Too long');
  });
});

it.each([
  ['routes.yaml', 1, 'routes.refused.yaml'],
  ['a/routes.yaml.gz', 1, 'a/routes.refused.yaml'],
  ['routes.refused.yaml', 1, 'routes.refused.yaml'],
  ['routes.refused.yaml', 2, 'routes.refused-2.yaml'],
  ['routes.refused-2.yaml', 3, 'routes.refused-3.yaml'],
  ['../other/backup', 1, '../other/backup.refused.yaml'],
])('what is refused of %s goes to file %i, %s', (source, number, name) => {
  expect(refusedName(source, number)).toBe(name);
});

describe('a resource', () => {
  const owner = { apiVersion: 'workload.serving.volcano.sh/v1alpha1', kind: 'ModelBooster', name: 'b', uid: '1' };

  it.each([
    ['of its own', {}, undefined],
    ['made by a controller of Kthena', { ownerReferences: [{ ...owner, controller: true }] }, 'children'],
    ['that is only owned', { ownerReferences: [owner] }, undefined],
    [
      'of a controller of others',
      { ownerReferences: [{ ...owner, apiVersion: 'argoproj.io/v1', controller: true }] },
      undefined,
    ],
    ['being deleted', { deletionTimestamp: '2026-01-01T00:00:00Z' }, 'terminating'],
  ])('%s is left out or not', (_what, metadata, reason) => {
    expect(reasonToLeaveOut(route('a', { metadata }), GROUPS, false)).toBe(reason);
  });

  it('made by a controller is kept if that is wanted', () => {
    const child = route('a', { metadata: { ownerReferences: [{ ...owner, controller: true }] } });
    expect(reasonToLeaveOut(child, GROUPS, true)).toBeUndefined();
  });
});

describe('kinds', () => {
  const kinds = ['ModelRoute', 'ModelServer'].map((kind) => ({
    apiVersion: 'networking.serving.volcano.sh/v1alpha1',
    group: 'networking.serving.volcano.sh',
    kind,
    plural: `${kind.toLowerCase()}s`,
    namespaced: true,
  }));

  it.each(['ModelRoute', 'modelroute', 'modelroutes', 'modelroutes.networking.serving.volcano.sh'])(
    'are known by the name %s',
    (name) => {
      expect(selectKinds(kinds, [name]).map(({ kind }) => kind)).toEqual(['ModelRoute']);
    },
  );

  it('that are unknown are named, with those that are not', () => {
    expect(() => selectKinds(kinds, ['Pod', 'modelserver', 'Secret'])).toThrow(
      'Pod, Secret: the cluster serves no such kind of Kthena',
    );
  });
});
