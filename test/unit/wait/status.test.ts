import { describe, expect, it } from 'vitest';
import { isReadyOnceItExists, statusOf } from '../../../src/wait/status.js';
import {
  condition,
  container,
  deployment,
  NEW_REPLICA_SET_AVAILABLE,
  object,
  pod,
  QUOTA,
  unschedulablePod,
} from './samples.js';

const DEADLINE = condition(
  'Progressing',
  'False',
  'ProgressDeadlineExceeded',
  'ReplicaSet "kthena-router-66c8b4b9d4" has timed out progressing.',
);

describe('a Deployment', () => {
  const complete = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };

  it('is ready when all replicas are updated and available', () => {
    expect(statusOf(deployment({ ...complete, conditions: [NEW_REPLICA_SET_AVAILABLE] }))).toEqual({
      state: 'ready',
      message: '2 of 2 replicas available',
    });
  });

  it('is progressing before its controller has seen it', () => {
    const fresh = deployment({});
    fresh.status = {};
    expect(statusOf(fresh)).toMatchObject({ state: 'progressing', reason: 'NotObserved' });
  });

  it('is progressing while the status speaks of the generation before, however good or bad it looks', () => {
    expect(statusOf(deployment({ ...complete, observedGeneration: 2 }))).toMatchObject({ state: 'progressing' });
    expect(statusOf(deployment({ observedGeneration: 2, conditions: [DEADLINE] }))).toMatchObject({
      state: 'progressing',
    });
  });

  it.each([
    ['none is updated', { replicas: 2, availableReplicas: 2 }, '0 of 2 replicas updated'],
    ['one is updated', { replicas: 3, updatedReplicas: 1, availableReplicas: 2 }, '1 of 2 replicas updated'],
    ['an old one is left', { replicas: 3, updatedReplicas: 2, availableReplicas: 3 }, '1 old replica is still to end'],
    ['one is not available', { replicas: 2, updatedReplicas: 2, availableReplicas: 1 }, '1 of 2 replicas available'],
  ])('is progressing when %s', (_case, status, message) => {
    expect(statusOf(deployment(status))).toEqual({ state: 'progressing', message });
  });

  it('counts one replica where the spec gives no number', () => {
    const status = { replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
    expect(statusOf(deployment(status, { replicas: undefined })).state).toBe('ready');
    expect(statusOf(deployment({}, { replicas: undefined })).message).toBe('0 of 1 replicas updated');
  });

  it('is ready with no replicas wanted, once the old ones have ended', () => {
    expect(statusOf(deployment({}, { replicas: 0 }))).toEqual({ state: 'ready', message: 'scaled to 0' });
    expect(statusOf(deployment({ replicas: 1 }, { replicas: 0 })).state).toBe('progressing');
  });

  it('has failed when its progress deadline is exceeded', () => {
    expect(statusOf(deployment({ replicas: 2, updatedReplicas: 2, conditions: [DEADLINE] }))).toEqual({
      state: 'failed',
      reason: 'ProgressDeadlineExceeded',
      message: 'ReplicaSet "kthena-router-66c8b4b9d4" has timed out progressing.',
    });
  });

  it('is ready although a deadline was exceeded, if everything is available by now', () => {
    expect(statusOf(deployment({ ...complete, conditions: [DEADLINE] })).state).toBe('ready');
  });

  it('tells why pods cannot be created', () => {
    const failure = condition('ReplicaFailure', 'True', 'FailedCreate', QUOTA);
    expect(statusOf(deployment({ conditions: [failure] }))).toEqual({
      state: 'progressing',
      reason: 'FailedCreate',
      message: QUOTA,
    });
  });

  it('tells why its ReplicaSet cannot be created', () => {
    const failure = condition(
      'Progressing',
      'False',
      'ReplicaSetCreateError',
      'Failed to create new replica set "r": denied',
    );
    expect(statusOf(deployment({ conditions: [failure] })).message).toBe(
      'Failed to create new replica set "r": denied',
    );
  });

  it('says that it is paused', () => {
    expect(statusOf(deployment({ replicas: 2, availableReplicas: 2 }, { paused: true }))).toMatchObject({
      state: 'progressing',
      reason: 'Paused',
    });
  });

  it('is terminating with a deletion timestamp, and names the finalizers', () => {
    const metadata = { deletionTimestamp: '2025-06-01T10:00:00Z', finalizers: ['foregroundDeletion'] };
    expect(statusOf(deployment(complete, {}, metadata))).toEqual({
      state: 'terminating',
      message: 'being deleted, held by finalizers: foregroundDeletion',
    });
  });
});

describe('a CustomResourceDefinition', () => {
  const crd = (...conditions: object[]) =>
    object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { status: { conditions } });
  const accepted = condition('NamesAccepted', 'True', 'NoConflicts', 'no conflicts found');

  it('is progressing before its conditions are there', () => {
    expect(statusOf(object('apiextensions.k8s.io/v1', 'CustomResourceDefinition')).state).toBe('progressing');
    const installing = condition('Established', 'False', 'Installing', 'the initial names have been accepted');
    expect(statusOf(crd(accepted, installing)).state).toBe('progressing');
  });

  it('is ready when established', () => {
    const established = condition(
      'Established',
      'True',
      'InitialNamesAccepted',
      'the initial names have been accepted',
    );
    expect(statusOf(crd(accepted, established)).state).toBe('ready');
  });

  it('has failed when its names are taken, even if it was established before', () => {
    const refused = condition('NamesAccepted', 'False', 'ListKindConflict', '"ModelRouteList" is already in use');
    expect(statusOf(crd(refused, condition('Established', 'True')))).toEqual({
      state: 'failed',
      reason: 'ListKindConflict',
      message: 'names not accepted: "ModelRouteList" is already in use',
    });
    const notEstablished = condition('Established', 'False', 'NotAccepted', 'not all names are accepted');
    expect(statusOf(crd(notEstablished)).state).toBe('failed');
  });

  it('is terminating while its resources are removed', () => {
    const removal = condition(
      'Terminating',
      'True',
      'InstanceDeletionInProgress',
      'CustomResource deletion is in progress',
    );
    expect(statusOf(crd(accepted, removal))).toEqual({
      state: 'terminating',
      message: 'CustomResource deletion is in progress',
    });
  });
});

describe('a Service', () => {
  const service = (type: string, status?: Record<string, unknown>) =>
    object('v1', 'Service', { spec: { type }, ...(status && { status }) });

  it('is ready as a ClusterIP without a remark', () => {
    expect(statusOf(service('ClusterIP', { loadBalancer: {} }))).toEqual({ state: 'ready', message: 'ready' });
  });

  it('is ready without an address of its load balancer, with a remark', () => {
    const status = statusOf(service('LoadBalancer', { loadBalancer: {} }));
    expect(status.state).toBe('ready');
    expect(status.remark).toMatch(/no external address/);
    expect(statusOf(service('LoadBalancer')).remark).toBe(status.remark);
  });

  it('has nothing to remark with an address', () => {
    expect(
      statusOf(service('LoadBalancer', { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } })),
    ).not.toHaveProperty('remark');
  });
});

describe('a Namespace', () => {
  it('is ready when active', () => {
    expect(statusOf(object('v1', 'Namespace', { status: { phase: 'Active' } })).state).toBe('ready');
  });

  it('tells what its deletion waits for', () => {
    const status = {
      phase: 'Terminating',
      conditions: [
        condition('NamespaceDeletionContentFailure', 'False', 'ContentDeleted', 'All content successfully deleted'),
        condition(
          'NamespaceFinalizersRemaining',
          'True',
          'SomeFinalizersRemain',
          'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
        ),
      ],
    };
    expect(statusOf(object('v1', 'Namespace', { status }))).toEqual({
      state: 'terminating',
      message:
        'being deleted; Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
    });
  });
});

describe('a PodDisruptionBudget', () => {
  const budget = (status: Record<string, unknown>) =>
    object('policy/v1', 'PodDisruptionBudget', { metadata: { generation: 1 }, status });

  it('is ready once its controller has seen it', () => {
    expect(statusOf(object('policy/v1', 'PodDisruptionBudget')).state).toBe('progressing');
    expect(statusOf(budget({ observedGeneration: 1, disruptionsAllowed: 0 })).state).toBe('ready');
  });

  it('remarks that it cannot work out its pods', () => {
    const failed = condition('DisruptionAllowed', 'False', 'SyncFailed', 'found no controller ref for pod "x"');
    const status = statusOf(budget({ observedGeneration: 1, conditions: [failed] }));
    expect(status.state).toBe('ready');
    expect(status.remark).toContain('found no controller ref for pod "x"');
  });
});

describe('cert-manager objects', () => {
  const certificate = (...conditions: object[]) =>
    object('cert-manager.io/v1', 'Certificate', { metadata: { generation: 2 }, status: { conditions } });
  const issuing = {
    ...condition('Ready', 'False', 'DoesNotExist', 'Issuing certificate as Secret does not exist'),
    observedGeneration: 2,
  };

  it.each(['Certificate', 'Issuer', 'ClusterIssuer'])('%s is progressing without a Ready condition', (kind) => {
    expect(statusOf(object('cert-manager.io/v1', kind)).state).toBe('progressing');
  });

  it('are ready by their Ready condition', () => {
    const ready = condition('Ready', 'True', 'IsReady', '');
    expect(statusOf(object('cert-manager.io/v1', 'Issuer', { status: { conditions: [ready] } })).state).toBe('ready');
    expect(
      statusOf(
        certificate({ ...condition('Ready', 'True', 'Ready', 'Certificate is up to date'), observedGeneration: 2 }),
      ).state,
    ).toBe('ready');
  });

  it('are not ready by a condition of an older generation', () => {
    expect(statusOf(certificate({ ...condition('Ready', 'True', 'Ready'), observedGeneration: 1 })).state).toBe(
      'progressing',
    );
  });

  it('tell why a certificate is not issued', () => {
    expect(statusOf(certificate(issuing))).toEqual({
      state: 'progressing',
      reason: 'DoesNotExist',
      message: 'Issuing certificate as Secret does not exist',
    });
    const failed = condition(
      'Issuing',
      'False',
      'Failed',
      'The certificate request has failed to complete and will be retried: denied',
    );
    expect(statusOf(certificate(issuing, failed)).message).toMatch(/will be retried: denied/);
  });
});

describe('a Pod', () => {
  it('is ready by its condition, or when completed', () => {
    expect(statusOf(pod({ phase: 'Running', conditions: [condition('Ready', 'True')] })).state).toBe('ready');
    expect(statusOf(pod({ phase: 'Succeeded', conditions: [condition('Ready', 'False', 'PodCompleted')] })).state).toBe(
      'ready',
    );
  });

  it('tells its first problem while it is not', () => {
    expect(statusOf(unschedulablePod())).toMatchObject({ state: 'progressing', reason: 'Unschedulable' });
    const crashing = container({ terminated: { exitCode: 1, reason: 'Error' } });
    expect(statusOf(pod({ phase: 'Failed', containerStatuses: [crashing] }))).toEqual({
      state: 'failed',
      reason: 'Error',
      message: 'container "router" exited with code 1',
    });
  });
});

describe('any other kind', () => {
  const route = (status?: Record<string, unknown>, generation = 2) =>
    object('gateway.networking.k8s.io/v1', 'Gateway', { metadata: { generation }, ...(status && { status }) });

  it('is ready because it exists, without conditions', () => {
    expect(statusOf(route()).state).toBe('ready');
    expect(statusOf(route({ conditions: 'not a list' })).state).toBe('ready');
  });

  it('is progressing while its status is behind', () => {
    expect(statusOf(route({ observedGeneration: 1 })).state).toBe('progressing');
    expect(statusOf(route({ observedGeneration: 2 })).state).toBe('ready');
  });

  it('follows Ready, Reconciling and Stalled', () => {
    expect(
      statusOf(route({ conditions: [condition('Ready', 'Unknown', 'Pending', 'waiting for a controller')] })),
    ).toEqual({
      state: 'progressing',
      reason: 'Pending',
      message: 'waiting for a controller',
    });
    expect(statusOf(route({ conditions: [condition('Reconciling', 'True'), condition('Ready', 'True')] })).state).toBe(
      'progressing',
    );
    expect(statusOf(route({ conditions: [condition('Stalled', 'True', 'BadSpec', 'bad')] }))).toMatchObject({
      state: 'failed',
      message: 'bad',
    });
  });

  it('is ready in every version of a group alike', () => {
    expect(isReadyOnceItExists({ apiVersion: 'v1', kind: 'Secret' })).toBe(true);
    expect(isReadyOnceItExists({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' })).toBe(true);
    expect(isReadyOnceItExists({ apiVersion: 'v1', kind: 'Service' })).toBe(false);
    expect(isReadyOnceItExists({ apiVersion: 'example.com/v1', kind: 'Secret' })).toBe(false);
  });
});
