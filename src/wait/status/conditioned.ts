import type { KubeObject } from '../../kube/object.js';
import { conditionOf, describeCondition, isStale, type Condition } from '../conditions.js';
import { failed, progressing, ready, type ObjectStatus } from '../object-status.js';

/**
 * Any kind that follows the API conventions: `observedGeneration`, and the conditions `Stalled`, `Reconciling` and
 * `Ready` where it has them. A kind without any of these is ready because it exists.
 */
export function conditionedStatus(object: KubeObject): ObjectStatus {
  if (isStale(object)) return progressing('waiting for its controller to see the change', 'NotObserved');
  const stalled = current(object, 'Stalled');
  if (stalled?.status === 'True') return failed(describeCondition(stalled), stalled.reason);
  const reconciling = current(object, 'Reconciling');
  if (reconciling?.status === 'True') return progressing(describeCondition(reconciling), reconciling.reason);
  const condition = conditionOf(object, 'Ready');
  return condition === undefined ? ready() : readyCondition(object, condition);
}

/** A cert-manager Issuer: cert-manager sets `Ready` on every issuer it has seen, so that none means not yet. */
export function issuerStatus(issuer: KubeObject): ObjectStatus {
  const condition = conditionOf(issuer, 'Ready');
  return condition === undefined
    ? progressing('waiting for cert-manager to see it', 'NotObserved')
    : readyCondition(issuer, condition);
}

/**
 * A cert-manager Certificate. `Issuing=False` carries the error of the last attempt, which cert-manager repeats after a
 * pause.
 */
export function certificateStatus(certificate: KubeObject): ObjectStatus {
  const status = issuerStatus(certificate);
  const attempt = current(certificate, 'Issuing');
  if (status.state === 'ready' || attempt?.status !== 'False' || attempt.reason !== 'Failed') return status;
  return progressing(describeCondition(attempt), attempt.reason);
}

function readyCondition(object: KubeObject, condition: Condition): ObjectStatus {
  if (!isCurrent(object, condition)) return progressing('waiting for its controller to see the change', 'NotObserved');
  return condition.status === 'True' ? ready() : progressing(describeCondition(condition), condition.reason);
}

function current(object: KubeObject, type: string): Condition | undefined {
  const condition = conditionOf(object, type);
  return condition !== undefined && isCurrent(object, condition) ? condition : undefined;
}

function isCurrent(object: KubeObject, condition: Condition): boolean {
  return (condition.observedGeneration ?? Infinity) >= (object.metadata.generation ?? 0);
}
