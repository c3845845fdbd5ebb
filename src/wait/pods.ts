import type { KubeObject } from '../kube/object.js';
import { conditionOf, describeCondition } from './conditions.js';
import { containerProblem, type ContainerStatus } from './containers.js';
import type { Problem } from './object-status.js';
import { oneLine } from './text.js';

interface ContainerSpec {
  name: string;
  restartPolicy?: string;
  resources?: { limits?: { memory?: string } };
}

interface PodFields {
  spec?: {
    nodeName?: string;
    restartPolicy?: string;
    containers?: ContainerSpec[];
    initContainers?: ContainerSpec[];
  };
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

/**
 * Why a pod is not ready, the cause first; empty for a pod that is ready, has done its work or is being deleted.
 * A pod on which nothing is wrong so far still has one problem, `Pending`, which says what it waits for.
 */
export function podProblems(pod: KubeObject): Problem[] {
  const { phase } = (pod as PodFields).status ?? {};
  if (pod.metadata.deletionTimestamp !== undefined || phase === 'Succeeded' || isPodReady(pod)) return [];
  if (phase === 'Failed') return [failure(pod)];
  const unscheduled = schedulingProblem(pod);
  if (unscheduled !== undefined) return [unscheduled];
  const problems = containerProblems(pod);
  return problems.length > 0 ? problems : [readinessGateProblem(pod) ?? pendingProblem(pod)];
}

/** A pod's `Ready` condition: what counts for a Service and for its Deployment. */
export function isPodReady(pod: KubeObject): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True';
}

/** True once a container has run: volumes, sandbox and images were there. */
export function hasStarted(pod: KubeObject): boolean {
  const { containerStatuses = [], initContainerStatuses = [] } = (pod as PodFields).status ?? {};
  return [...initContainerStatuses, ...containerStatuses].some(
    ({ state, lastState }) => state?.running ?? state?.terminated ?? lastState?.terminated,
  );
}

function failure(pod: KubeObject): Problem {
  const { reason, message } = (pod as PodFields).status ?? {};
  const [container] = containerProblems(pod);
  // Its controller makes another pod in its place.
  if (message === undefined && container !== undefined) return container;
  return { reason: reason ?? 'PodFailed', message: oneLine(message ?? 'the pod failed'), terminal: false };
}

function schedulingProblem(pod: KubeObject): Problem | undefined {
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  return {
    reason: scheduled.reason ?? 'Unschedulable',
    message: oneLine(describeCondition(scheduled)),
    terminal: false,
  };
}

function containerProblems(pod: KubeObject): Problem[] {
  const { spec = {}, status = {} } = pod as PodFields;
  const inits = (status.initContainerStatuses ?? []).map((container) => {
    const own = spec.initContainers?.find(({ name }) => name === container.name);
    const sidecar = own?.restartPolicy === 'Always';
    const role = sidecar ? 'main' : 'init';
    return containerProblem(container, { role, mayComplete: !sidecar, memoryLimit: memoryLimitOf(own) });
  });
  const mayComplete = (spec.restartPolicy ?? 'Always') !== 'Always';
  const mains = (status.containerStatuses ?? []).map((container) => {
    const own = spec.containers?.find(({ name }) => name === container.name);
    return containerProblem(container, { role: 'main', mayComplete, memoryLimit: memoryLimitOf(own) });
  });
  return [...inits, ...mains].filter((problem) => problem !== undefined);
}

function memoryLimitOf(container: ContainerSpec | undefined): string | undefined {
  return container?.resources?.limits?.memory;
}

function readinessGateProblem(pod: KubeObject): Problem | undefined {
  const readiness = conditionOf(pod, 'Ready');
  if (readiness?.reason !== 'ReadinessGatesNotReady') return undefined;
  return { reason: readiness.reason, message: oneLine(describeCondition(readiness)), terminal: false };
}

/** A node that is down leaves its pods like this, without a word. */
function pendingProblem(pod: KubeObject): Problem {
  const { nodeName } = (pod as PodFields).spec ?? {};
  const message =
    nodeName === undefined
      ? 'no scheduler has looked at the pod yet'
      : hasStarted(pod)
        ? `its node ${nodeName} has not reported it ready`
        : `its node ${nodeName} has not started the containers yet`;
  return { reason: 'Pending', message, terminal: false };
}
