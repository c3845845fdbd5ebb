import type { KubeObject } from '../../kube/object.js';
import { conditionOf, describeCondition, isStale } from '../conditions.js';
import { failed, progressing, ready, type ObjectStatus } from '../object-status.js';

interface DeploymentFields {
  spec?: { replicas?: number; paused?: boolean };
  /** The API server leaves zeros out. */
  status?: { observedGeneration?: number; replicas?: number; updatedReplicas?: number; availableReplicas?: number };
}

/**
 * Ready when the controller has seen the spec, every replica runs the new template and is available, and none of the
 * old ones is left: what `kubectl rollout status` waits for. No replicas wanted is ready.
 */
export function deploymentStatus(deployment: KubeObject): ObjectStatus {
  const { spec, status } = deployment as DeploymentFields;
  if (status?.observedGeneration === undefined || isStale(deployment)) {
    return progressing('waiting for the deployment controller to see the change', 'NotObserved');
  }
  const counted = rolloutStatus(spec?.replicas ?? 1, status);
  if (counted.state === 'ready') return counted;
  return obstacle(deployment) ?? (spec?.paused ? progressing('the rollout is paused', 'Paused') : counted);
}

/** How far the rollout has come by the numbers. */
function rolloutStatus(wanted: number, status: NonNullable<DeploymentFields['status']>): ObjectStatus {
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  if (updatedReplicas < wanted) return progressing(`${updatedReplicas} of ${wanted} replicas updated`);
  const old = replicas - updatedReplicas;
  if (old > 0) return progressing(`${old} old ${old === 1 ? 'replica is' : 'replicas are'} still to end`);
  const available = `${availableReplicas} of ${wanted} replicas available`;
  if (availableReplicas < updatedReplicas) return progressing(available);
  return ready(wanted === 0 ? 'scaled to 0' : available);
}

/** What the controller itself says stands in the way. */
function obstacle(deployment: KubeObject): ObjectStatus | undefined {
  const progress = conditionOf(deployment, 'Progressing');
  if (progress?.status === 'False' && progress.reason === 'ProgressDeadlineExceeded') {
    return failed(describeCondition(progress), progress.reason);
  }
  const failure = conditionOf(deployment, 'ReplicaFailure');
  if (failure?.status === 'True') return progressing(describeCondition(failure), failure.reason);
  // Such as ReplicaSetCreateError: the controller tries again.
  if (progress?.status === 'False') return progressing(describeCondition(progress), progress.reason);
  return undefined;
}
