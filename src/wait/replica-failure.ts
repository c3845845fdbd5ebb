import type { KubeObject } from '../kube/object.js';
import { conditionOf, describeCondition } from './conditions.js';
import type { Problem } from './object-status.js';
import { oneLine } from './text.js';

/**
 * Refusals that stay: admission said no to this pod as it is (quota, limits, pod security, a webhook's verdict), or it
 * is not valid. A webhook that could not be called, or a server error, may pass.
 */
const REFUSALS = [/ is forbidden: /, /denied the request/, / is invalid: /];

/** Forbidden now, but the account may be on its way. */
const PASSING = [/error looking up service account/, /no API token found for service account/];

/**
 * Why pods, or the ReplicaSet itself, could not be created, from the newest ReplicaSet's condition or else the
 * Deployment's own; undefined where nothing failed. `podsEnding`: pods of the Deployment are being deleted, which may
 * make room in a quota.
 */
export function replicaFailure(
  deployment: KubeObject,
  newest: KubeObject | undefined,
  podsEnding: boolean,
): Problem | undefined {
  // The Deployment repeats the failure of any ReplicaSet, an old one too: once there is a new one, that one alone
  // counts.
  const ofPods = conditionOf(newest ?? deployment, 'ReplicaFailure');
  const ofReplicaSet = conditionOf(deployment, 'Progressing');
  const failure =
    ofPods?.status === 'True'
      ? ofPods
      : ofReplicaSet?.status === 'False' && ofReplicaSet.reason === 'ReplicaSetCreateError'
        ? ofReplicaSet
        : undefined;
  if (failure === undefined) return undefined;
  const message = describeCondition(failure);
  const passing =
    PASSING.some((pattern) => pattern.test(message)) || (podsEnding && message.includes('exceeded quota'));
  const terminal = !passing && REFUSALS.some((pattern) => pattern.test(message));
  return { reason: failure.reason ?? 'FailedCreate', message: oneLine(message), terminal };
}
