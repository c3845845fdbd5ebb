import { describe, expect, it } from 'vitest';
import type { KubeObject, ObjectRef } from '../../../src/kube/object.js';
import { refOf } from '../../../src/kube/object.js';
import { Observations } from '../../../src/wait/observations.js';
import { condition, deployment, object } from './samples.js';

const ready = deployment({ replicas: 2, updatedReplicas: 2, availableReplicas: 2 });
const halfway = deployment({ replicas: 2, updatedReplicas: 2, availableReplicas: 1 });
const failed = deployment({
  replicas: 2,
  updatedReplicas: 2,
  conditions: [condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'timed out')],
});
const ref = refOf(ready);
const problem = { reason: 'Unschedulable', message: 'no node', terminal: false };

function observe(...forms: KubeObject[]): Observations {
  const observations = new Observations([ref]);
  for (const form of forms) observations.see(ref, form);
  return observations;
}

describe('what is seen', () => {
  it('begins as missing', () => {
    expect(observe().notReady()).toEqual([
      { ref, status: { state: 'missing', message: 'does not exist' }, problems: [] },
    ]);
  });

  it('is a change where state or message differ', () => {
    const observations = new Observations([ref]);
    expect(observations.see(ref, halfway)).toBe(true);
    expect(observations.see(ref, { ...halfway, metadata: { ...halfway.metadata, resourceVersion: '2' } })).toBe(false);
    expect(observations.see(ref, ready)).toBe(true);
    expect(observations.see(ref, undefined)).toBe(true);
  });

  it('is the latest: an object that was ready and is so no more is waited for again', () => {
    expect(observe(ready).allReady).toBe(true);
    expect(observe(ready, halfway).allReady).toBe(false);
  });

  it('is ready when all are', () => {
    const other: ObjectRef = { apiVersion: 'v1', kind: 'Service', namespace: 'kthena-system', name: 'router' };
    const observations = new Observations([ref, other]);
    observations.see(ref, ready);
    expect(observations.allReady).toBe(false);
    observations.see(other, object('v1', 'Service', { metadata: { name: 'router' }, spec: { type: 'LoadBalancer' } }));
    expect(observations.allReady).toBe(true);
    expect(observations.remarks()).toEqual([
      { ref: other, remark: expect.stringContaining('no external address') as string },
    ]);
  });

  it('is ready with nothing to wait for', () => {
    expect(new Observations([]).allReady).toBe(true);
  });
});

describe('problems', () => {
  it('are a change where they differ', () => {
    const observations = observe(halfway);
    expect(observations.note(ref, [problem])).toBe(true);
    expect(observations.note(ref, [{ ...problem }])).toBe(false);
    expect(observations.notReady()[0]?.problems).toEqual([problem]);
  });

  it('are dropped when the object is ready, and late ones ignored', () => {
    const observations = observe(halfway);
    observations.note(ref, [problem]);
    observations.see(ref, ready);
    expect(observations.note(ref, [problem])).toBe(false);
    expect(observations.of(ref).problems).toEqual([]);
  });

  it('that are terminal are a failure', () => {
    const observations = observe(halfway);
    observations.note(ref, [problem]);
    expect(observations.hasFailed).toBe(false);
    observations.note(ref, [problem, { ...problem, terminal: true }]);
    expect(observations.hasFailed).toBe(true);
  });
});

describe('an exceeded progress deadline', () => {
  it('is a failure when it happens during the wait', () => {
    expect(observe(halfway, failed).hasFailed).toBe(true);
  });

  it('is none when it was there before: what the pods lacked may have come since', () => {
    expect(observe(failed).hasFailed).toBe(false);
    expect(observe(failed, failed).hasFailed).toBe(false);
    expect(observe(failed, halfway, failed).hasFailed).toBe(true);
  });
});

it('a CRD whose names are taken has failed even at the first look', () => {
  const crd = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {
    status: { conditions: [condition('NamesAccepted', 'False', 'ListKindConflict', 'in use')] },
  });
  const observations = new Observations([refOf(crd)]);
  observations.see(refOf(crd), crd);
  expect(observations.hasFailed).toBe(true);
});
