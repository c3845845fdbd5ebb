import { groupOf, type KubeObject, type Metadata } from '../kube/object.js';
import { terminating, type ObjectStatus } from './object-status.js';
import { certificateStatus, conditionedStatus, issuerStatus } from './status/conditioned.js';
import { horizontalPodAutoscalerStatus } from './status/autoscaler.js';
import { namespaceStatus, podDisruptionBudgetStatus, serviceStatus } from './status/core.js';
import { crdStatus } from './status/crd.js';
import { deploymentStatus } from './status/deployment.js';
import { podStatus } from './status/pod.js';
import { isInjected, webhookConfigurationStatus } from './status/webhooks.js';

type StatusRule = (object: KubeObject) => ObjectStatus;

/**
 * By group and kind: the version an object is read in does not matter. Every other kind follows the API conventions.
 */
const RULES: ReadonlyMap<string, StatusRule> = new Map([
  ['apps/Deployment', deploymentStatus],
  ['apiextensions.k8s.io/CustomResourceDefinition', crdStatus],
  ['policy/PodDisruptionBudget', podDisruptionBudgetStatus],
  ['autoscaling/HorizontalPodAutoscaler', horizontalPodAutoscalerStatus],
  ['admissionregistration.k8s.io/MutatingWebhookConfiguration', webhookConfigurationStatus],
  ['admissionregistration.k8s.io/ValidatingWebhookConfiguration', webhookConfigurationStatus],
  ['cert-manager.io/Certificate', certificateStatus],
  ['cert-manager.io/Issuer', issuerStatus],
  ['cert-manager.io/ClusterIssuer', issuerStatus],
  ['/Namespace', namespaceStatus],
  ['/Pod', podStatus],
  ['/Service', serviceStatus],
]);

/** Kinds without a controller of their own: nothing about them can be waited for. */
const READY_ONCE_THEY_EXIST: ReadonlySet<string> = new Set([
  '/ConfigMap',
  '/Secret',
  '/ServiceAccount',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'rbac.authorization.k8s.io/Role',
  'rbac.authorization.k8s.io/RoleBinding',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
]);

/**
 * How far an object that exists has come, from what it says itself. Pure, in the manner of kstatus:
 * a status that speaks of an older generation counts as progressing, a deletion timestamp goes before everything else.
 */
export function statusOf(object: KubeObject): ObjectStatus {
  const rule = RULES.get(groupKind(object)) ?? conditionedStatus;
  const status = rule(object);
  if (object.metadata.deletionTimestamp === undefined || status.state === 'terminating') return status;
  const { finalizers = [] } = object.metadata;
  return terminating(
    finalizers.length === 0 ? 'being deleted' : `being deleted, held by finalizers: ${finalizers.join(', ')}`,
  );
}

/**
 * True for what is ready as soon as it exists, so that reading it once is all there is to wait for. Of a webhook
 * configuration that depends on the object: one whose CA somebody else writes has to be waited for.
 */
export function isReadyOnceItExists(object: { apiVersion: string; kind: string; metadata?: Metadata }): boolean {
  return READY_ONCE_THEY_EXIST.has(groupKind(object)) && !isInjected(object);
}

function groupKind({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  return `${groupOf(apiVersion)}/${kind}`;
}
