import type { KubeObject } from '../../kube/object.js';
import { conditionOf } from '../conditions.js';
import { failed, progressing, ready, type ObjectStatus } from '../object-status.js';
import { podProblems } from '../pods.js';

/** Ready when its `Ready` condition says so, or when it has done its work. */
export function podStatus(pod: KubeObject): ObjectStatus {
  const { phase } = (pod.status ?? {}) as { phase?: string };
  if (phase === 'Succeeded') return ready('completed');
  if (phase === 'Running' && conditionOf(pod, 'Ready')?.status === 'True') return ready();
  const [problem] = podProblems(pod);
  if (phase === 'Failed') return failed(problem?.message ?? 'the pod failed', problem?.reason);
  return progressing(problem?.message ?? `phase ${phase ?? 'unknown'}`, problem?.reason);
}
