import type { KubeObject } from '../kube/object.js';

interface Requirement {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  values?: string[];
}

/** A workload's `spec.selector` in the syntax of the API's `labelSelector` parameter. */
export function labelSelectorOf(workload: KubeObject): string {
  const { selector = {} } = (workload.spec ?? {}) as {
    selector?: { matchLabels?: Record<string, string>; matchExpressions?: Requirement[] };
  };
  const labels = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return [...labels, ...(selector.matchExpressions ?? []).map(formatRequirement)].join(',');
}

function formatRequirement({ key, operator, values = [] }: Requirement): string {
  switch (operator) {
    case 'In':
      return `${key} in (${values.join(',')})`;
    case 'NotIn':
      return `${key} notin (${values.join(',')})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
  }
}
