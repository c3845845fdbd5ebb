/**
 * The order in which Helm 4 creates kinds; what is not listed comes last, by kind name.
 * Objects that others refer to come before those others: accounts before the pods that run as them.
 */
export const INSTALL_ORDER: readonly string[] = [
  'PriorityClass',
  'Namespace',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodSecurityPolicy',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'SecretList',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleList',
  'ClusterRoleBinding',
  'ClusterRoleBindingList',
  'Role',
  'RoleList',
  'RoleBinding',
  'RoleBindingList',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
  'APIService',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
];

/** The order in which Helm 4 deletes kinds: webhook configurations first, so that none refuses the deletions after it. */
export const UNINSTALL_ORDER: readonly string[] = [
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'APIService',
  'Ingress',
  'IngressClass',
  'Service',
  'CronJob',
  'Job',
  'StatefulSet',
  'HorizontalPodAutoscaler',
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'Pod',
  'DaemonSet',
  'RoleBindingList',
  'RoleBinding',
  'RoleList',
  'Role',
  'ClusterRoleBindingList',
  'ClusterRoleBinding',
  'ClusterRoleList',
  'ClusterRole',
  'CustomResourceDefinition',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'StorageClass',
  'ConfigMap',
  'SecretList',
  'Secret',
  'ServiceAccount',
  'PodDisruptionBudget',
  'PodSecurityPolicy',
  'LimitRange',
  'ResourceQuota',
  'NetworkPolicy',
  'Namespace',
  'PriorityClass',
];

const INSTALL_RANK = new Map(INSTALL_ORDER.map((kind, rank) => [kind, rank]));
const UNINSTALL_RANK = new Map(UNINSTALL_ORDER.map((kind, rank) => [kind, rank]));

function byRank(ranks: ReadonlyMap<string, number>, a: string, b: string): number {
  const last = ranks.size;
  const difference = (ranks.get(a) ?? last) - (ranks.get(b) ?? last);
  if (difference !== 0) return difference;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares two kinds for creation; use it with a stable sort. */
export function compareInstallKinds(a: string, b: string): number {
  return byRank(INSTALL_RANK, a, b);
}

/** Compares two kinds for deletion; use it with a stable sort. */
export function compareUninstallKinds(a: string, b: string): number {
  return byRank(UNINSTALL_RANK, a, b);
}

/** Consecutive items of one kind, in order: what may be sent in parallel. */
export function groupByKind<T>(items: readonly T[], kindOf: (item: T) => string): T[][] {
  const groups: T[][] = [];
  let last: string | undefined;
  for (const item of items) {
    const kind = kindOf(item);
    if (kind !== last) groups.push([]);
    groups.at(-1)!.push(item);
    last = kind;
  }
  return groups;
}
