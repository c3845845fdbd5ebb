import type { KubeObject } from '../../kube/object.js';
import { conditionsOf, describeCondition } from '../conditions.js';
import { ready, type ObjectStatus } from '../object-status.js';

const NEEDED = new Set(['AbleToScale', 'ScalingActive']);

/**
 * Always ready: the pods it scales run without it, and in a cluster without metrics it never becomes active.
 */
export function horizontalPodAutoscalerStatus(autoscaler: KubeObject): ObjectStatus {
  const obstacle = conditionsOf(autoscaler).find(({ type, status }) => NEEDED.has(type) && status === 'False');
  // Scaled to 0 by hand, it rests on purpose.
  if (obstacle === undefined || obstacle.reason === 'ScalingDisabled') return ready();
  return { ...ready(), remark: `does not scale: ${describeCondition(obstacle)}` };
}
