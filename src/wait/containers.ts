import type { Problem } from './object-status.js';
import { lastLine, oneLine } from './text.js';

/** How a container ended: `state.terminated` or `lastState.terminated`. */
export interface Termination {
  exitCode: number;
  reason?: string;
  /** What the process left in its termination log; with `FallbackToLogsOnError` the end of its output. */
  message?: string;
}

/** An entry of `status.containerStatuses` or `status.initContainerStatuses`. */
export interface ContainerStatus {
  name: string;
  image?: string;
  ready?: boolean;
  started?: boolean;
  restartCount?: number;
  state?: { waiting?: { reason?: string; message?: string }; running?: object; terminated?: Termination };
  lastState?: { terminated?: Termination };
}

export interface ContainerContext {
  /** A sidecar is a `main` container, wherever the spec lists it: it has to stay up. */
  role: 'init' | 'main';
  /** To end with code 0 is no problem: an init container, or one of a pod that is not restarted. */
  mayComplete: boolean;
  /** As in the pod's spec, to explain an out-of-memory kill. */
  memoryLimit: string | undefined;
}

/** What a container passes through on its way: no problem by itself. */
const PASSING = new Set(['ContainerCreating', 'PodInitializing']);

/** The image's name does not parse: no retry mends that. */
const HOPELESS = new Set(['InvalidImageName']);

/** Why this container keeps its pod from being ready; undefined where it does not, or is only being started. */
export function containerProblem(container: ContainerStatus, context: ContainerContext): Problem | undefined {
  const { waiting, running, terminated } = container.state ?? {};
  if (waiting !== undefined) return waitingProblem(container, waiting, context);
  if (running !== undefined) return runningProblem(container, context);
  if (terminated === undefined || (terminated.exitCode === 0 && context.mayComplete)) return undefined;
  return crash(container, terminated, terminated.reason ?? 'Error', context);
}

function waitingProblem(
  container: ContainerStatus,
  { reason = 'Waiting', message }: { reason?: string; message?: string },
  context: ContainerContext,
): Problem | undefined {
  if (PASSING.has(reason)) return undefined;
  const last = container.lastState?.terminated;
  if (reason === 'CrashLoopBackOff' && last !== undefined) return crash(container, last, reason, context);
  const text = message ?? (reason.includes('Image') ? `image ${container.image}` : 'waiting');
  return { reason, message: `${labelOf(container, context)}: ${oneLine(text)}`, terminal: HOPELESS.has(reason) };
}

function runningProblem(container: ContainerStatus, context: ContainerContext): Problem | undefined {
  const label = labelOf(container, context);
  if (context.role === 'init') return { reason: 'Initializing', message: `${label} is still running`, terminal: false };
  if (container.ready) return undefined;
  const doing = container.started === false ? 'runs but has not passed its startup probe' : 'runs but is not ready';
  const last = container.lastState?.terminated;
  const before = last === undefined ? '' : `; before that it ${describeEnd(container, last, context)}`;
  return { reason: 'ContainerNotReady', message: `${label} ${doing}${before}`, terminal: false };
}

function crash(container: ContainerStatus, ended: Termination, reason: string, context: ContainerContext): Problem {
  return {
    reason: ended.reason === 'OOMKilled' ? 'OOMKilled' : reason,
    message: `${labelOf(container, context)} ${describeEnd(container, ended, context)}`,
    terminal: false,
  };
}

function describeEnd(container: ContainerStatus, ended: Termination, { memoryLimit }: ContainerContext): string {
  const why = ended.reason === undefined || ended.reason === 'Error' ? '' : ` (${ended.reason})`;
  const limit = memoryLimit === undefined ? 'its memory limit' : `its memory limit of ${memoryLimit}`;
  const how =
    ended.reason === 'OOMKilled'
      ? `was killed for exceeding ${limit} (exit code ${ended.exitCode})`
      : `exited with code ${ended.exitCode}${why}`;
  const said = ended.message?.trim();
  return `${how}${describeRestarts(container.restartCount ?? 0)}${said ? `: ${lastLine(said)}` : ''}`;
}

function describeRestarts(count: number): string {
  if (count === 0) return '';
  return count === 1 ? ', restarted once' : `, restarted ${count} times`;
}

function labelOf(container: ContainerStatus, { role }: ContainerContext): string {
  return `${role === 'init' ? 'init container' : 'container'} "${container.name}"`;
}
