/**
 * `ready` in use as wanted, `progressing` on the way there, `failed` needs somebody's help, `terminating` is being
 * deleted, `missing` is not in the cluster.
 */
export type ObjectState = 'ready' | 'progressing' | 'failed' | 'terminating' | 'missing';

export interface ObjectStatus {
  state: ObjectState;
  /** One line: what the object waits for, or why it failed. */
  message: string;
  /** The reason in the API's CamelCase where the object names one, such as `ProgressDeadlineExceeded`. */
  reason?: string;
  /** Something the user should know although the object is ready. */
  remark?: string;
}

/** Why an object is not ready. */
export interface Problem {
  /** CamelCase as Kubernetes spells it: `ImagePullBackOff`, `Unschedulable`, `FailedMount`. */
  reason: string;
  /** One line. */
  message: string;
  /** True where it cannot get better by itself: waiting longer is of no use. */
  terminal: boolean;
}

export const MISSING: ObjectStatus = { state: 'missing', message: 'does not exist' };

export function ready(message = 'ready'): ObjectStatus {
  return { state: 'ready', message };
}

export function progressing(message: string, reason?: string): ObjectStatus {
  return withReason({ state: 'progressing', message }, reason);
}

export function failed(message: string, reason?: string): ObjectStatus {
  return withReason({ state: 'failed', message }, reason);
}

export function terminating(message: string): ObjectStatus {
  return { state: 'terminating', message };
}

function withReason(status: ObjectStatus, reason: string | undefined): ObjectStatus {
  return reason === undefined ? status : { ...status, reason };
}
