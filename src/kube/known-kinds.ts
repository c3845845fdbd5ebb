import type { ApiResource } from './client.js';

const namespaced = (plural: string): ApiResource => ({ plural, namespaced: true });
const clusterScoped = (plural: string): ApiResource => ({ plural, namespaced: false });

/**
 * Kinds that every supported Kubernetes serves, by apiVersion, so that an install asks for no discovery.
 * Only versions that are stable: what a server may lack must be asked for.
 */
const KNOWN: Record<string, Record<string, ApiResource>> = {
  v1: {
    ConfigMap: namespaced('configmaps'),
    Endpoints: namespaced('endpoints'),
    Event: namespaced('events'),
    LimitRange: namespaced('limitranges'),
    Namespace: clusterScoped('namespaces'),
    Node: clusterScoped('nodes'),
    PersistentVolume: clusterScoped('persistentvolumes'),
    PersistentVolumeClaim: namespaced('persistentvolumeclaims'),
    Pod: namespaced('pods'),
    ResourceQuota: namespaced('resourcequotas'),
    Secret: namespaced('secrets'),
    Service: namespaced('services'),
    ServiceAccount: namespaced('serviceaccounts'),
  },
  'apps/v1': {
    DaemonSet: namespaced('daemonsets'),
    Deployment: namespaced('deployments'),
    ReplicaSet: namespaced('replicasets'),
    StatefulSet: namespaced('statefulsets'),
  },
  'batch/v1': {
    CronJob: namespaced('cronjobs'),
    Job: namespaced('jobs'),
  },
  'rbac.authorization.k8s.io/v1': {
    ClusterRole: clusterScoped('clusterroles'),
    ClusterRoleBinding: clusterScoped('clusterrolebindings'),
    Role: namespaced('roles'),
    RoleBinding: namespaced('rolebindings'),
  },
  'admissionregistration.k8s.io/v1': {
    MutatingWebhookConfiguration: clusterScoped('mutatingwebhookconfigurations'),
    ValidatingWebhookConfiguration: clusterScoped('validatingwebhookconfigurations'),
  },
  'apiextensions.k8s.io/v1': { CustomResourceDefinition: clusterScoped('customresourcedefinitions') },
  'authentication.k8s.io/v1': { SelfSubjectReview: clusterScoped('selfsubjectreviews') },
  'authorization.k8s.io/v1': {
    SelfSubjectAccessReview: clusterScoped('selfsubjectaccessreviews'),
    SelfSubjectRulesReview: clusterScoped('selfsubjectrulesreviews'),
  },
  'autoscaling/v2': { HorizontalPodAutoscaler: namespaced('horizontalpodautoscalers') },
  'coordination.k8s.io/v1': { Lease: namespaced('leases') },
  'discovery.k8s.io/v1': { EndpointSlice: namespaced('endpointslices') },
  'networking.k8s.io/v1': {
    Ingress: namespaced('ingresses'),
    IngressClass: clusterScoped('ingressclasses'),
    NetworkPolicy: namespaced('networkpolicies'),
  },
  'policy/v1': { PodDisruptionBudget: namespaced('poddisruptionbudgets') },
  'scheduling.k8s.io/v1': { PriorityClass: clusterScoped('priorityclasses') },
  'storage.k8s.io/v1': { StorageClass: clusterScoped('storageclasses') },
};

/** The resource of a kind of Kubernetes itself; undefined where the server has to be asked. */
export function knownResource(apiVersion: string, kind: string): ApiResource | undefined {
  const kinds = Object.hasOwn(KNOWN, apiVersion) ? KNOWN[apiVersion]! : {};
  return Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
}
