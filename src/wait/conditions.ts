import type { KubeObject } from '../kube/object.js';

/** An entry of `status.conditions`, the form nearly all kinds share. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
  /** The generation the condition speaks of; many kinds leave it out. */
  observedGeneration?: number;
}

/** Empty where there are none, or where a custom resource uses the name for something else. */
export function conditionsOf(object: KubeObject): readonly Condition[] {
  const conditions = (object.status as { conditions?: unknown } | undefined)?.conditions;
  return Array.isArray(conditions) ? (conditions as Condition[]) : [];
}

export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

/** The condition's message, or its reason, or what it is. */
export function describeCondition(condition: Condition): string {
  return condition.message || condition.reason || `condition ${condition.type} is ${condition.status}`;
}

/** True where the status speaks of an older spec: nothing in it counts yet. */
export function isStale(object: KubeObject): boolean {
  const observed = (object.status as { observedGeneration?: number } | undefined)?.observedGeneration;
  const { generation } = object.metadata;
  return observed !== undefined && generation !== undefined && observed < generation;
}
