import type { KubeObject } from '../../kube/object.js';
import { conditionOf, conditionsOf, describeCondition, isStale } from '../conditions.js';
import { progressing, ready, terminating, type ObjectStatus } from '../object-status.js';

interface ServiceFields {
  spec?: { type?: string };
  status?: { loadBalancer?: { ingress?: unknown[] } };
}

/**
 * Always ready: a cluster without a load-balancer controller never assigns an address, and the Service works inside it
 * all the same.
 */
export function serviceStatus(service: KubeObject): ObjectStatus {
  const { spec, status } = service as ServiceFields;
  const waits = spec?.type === 'LoadBalancer' && (status?.loadBalancer?.ingress ?? []).length === 0;
  if (!waits) return ready();
  return {
    ...ready('no external address'),
    remark: 'the load balancer has no external address; a cluster without a load-balancer controller never assigns one',
  };
}

/**
 * Why a namespace's deletion does not end stands in its conditions: content that remains, finalizers, an API that does
 * not answer.
 */
export function namespaceStatus(namespace: KubeObject): ObjectStatus {
  const { phase } = (namespace.status ?? {}) as { phase?: string };
  if (phase !== 'Terminating' && namespace.metadata.deletionTimestamp === undefined) return ready(phase ?? 'ready');
  const reasons = conditionsOf(namespace).filter((condition) => condition.status === 'True');
  return terminating(['being deleted', ...reasons.map(describeCondition)].join('; '));
}

/**
 * Ready once the disruption controller has seen the spec; that it cannot work out the pods is no failure of the
 * install.
 */
export function podDisruptionBudgetStatus(budget: KubeObject): ObjectStatus {
  const { observedGeneration } = (budget.status ?? {}) as { observedGeneration?: number };
  if (observedGeneration === undefined || isStale(budget)) {
    return progressing('waiting for the disruption controller to see the change', 'NotObserved');
  }
  const allowed = conditionOf(budget, 'DisruptionAllowed');
  if (allowed?.status === 'False' && allowed.reason === 'SyncFailed') {
    return { ...ready(), remark: `does not protect any pod: ${describeCondition(allowed)}` };
  }
  return ready();
}
