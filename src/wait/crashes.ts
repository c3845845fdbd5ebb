import type { KubeObject } from '../kube/object.js';
import type { ContainerStatus, Termination } from './containers.js';

/** A container that ended and left no termination message: only its log can tell why. */
export interface Crash {
  pod: KubeObject;
  container: string;
  exitCode: number;
  /** True where the container has been started anew: wanted is the log of the one before. */
  previous: boolean;
}

interface PodStatus {
  containerStatuses?: ContainerStatus[];
  initContainerStatuses?: ContainerStatus[];
}

/** Enough of the log for the beginning of a stack trace, and of that no more than a reader takes in. */
const MAX_LINES = 5;
const MAX_LINE_LENGTH = 200;
const FATAL = /^(panic|fatal error): /;
const FATAL_LINES = 2;

/** The crashes in these pods that nothing explains, one of each kind (`crashKey`): replicas mostly fail alike. */
export function crashesWithoutWords(pods: readonly KubeObject[]): Crash[] {
  const crashes = new Map<string, Crash>();
  for (const pod of pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)) {
    for (const container of containersOf(pod)) {
      const ended = unexplainedEnd(container);
      if (ended === undefined) continue;
      const previous = container.state?.terminated === undefined;
      const key = crashKey(container.name, ended.exitCode);
      if (!crashes.has(key)) crashes.set(key, { pod, container: container.name, exitCode: ended.exitCode, previous });
    }
  }
  return [...crashes.values()];
}

/** What crashes have in common whose logs are expected to say the same. */
export function crashKey(container: string, exitCode: number): string {
  return `${container} ${exitCode}`;
}

/**
 * The pods with the last words of their crashed containers, by `crashKey`, where the kubelet itself puts them for a
 * container with `terminationMessagePolicy: FallbackToLogsOnError`.
 */
export function withLastWords(pods: readonly KubeObject[], words: ReadonlyMap<string, string>): readonly KubeObject[] {
  if (words.size === 0) return pods;
  const fill = (container: ContainerStatus) => filled(container, words);
  return pods.map((pod) => {
    const status = (pod.status ?? {}) as PodStatus;
    const { containerStatuses = [], initContainerStatuses = [] } = status;
    return {
      ...pod,
      status: {
        ...status,
        containerStatuses: containerStatuses.map(fill),
        initContainerStatuses: initContainerStatuses.map(fill),
      },
    };
  });
}

/** The end of a log: its last few lines, or where a Go program died the reason, which a long stack trace follows. */
export function lastWords(log: string): string {
  const lines = log
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const fatal = lines.findLastIndex((line) => FATAL.test(line));
  const telling = fatal === -1 ? lines.slice(-MAX_LINES) : lines.slice(fatal, fatal + FATAL_LINES);
  return telling.map((line) => line.slice(0, MAX_LINE_LENGTH)).join(' | ');
}

function containersOf(pod: KubeObject): ContainerStatus[] {
  const { containerStatuses = [], initContainerStatuses = [] } = (pod.status ?? {}) as PodStatus;
  return [...initContainerStatuses.filter(({ state }) => state?.terminated?.exitCode !== 0), ...containerStatuses];
}

/** Of a kill for want of memory the log says nothing. */
function unexplainedEnd(container: ContainerStatus): Termination | undefined {
  const ended = container.state?.terminated ?? container.lastState?.terminated;
  if (container.ready || ended === undefined || ended.message?.trim() || ended.reason === 'OOMKilled') return undefined;
  return ended;
}

function filled(container: ContainerStatus, words: ReadonlyMap<string, string>): ContainerStatus {
  const ended = unexplainedEnd(container);
  const message = ended === undefined ? undefined : words.get(crashKey(container.name, ended.exitCode));
  if (ended === undefined || message === undefined) return container;
  const terminated = { ...ended, message };
  return container.state?.terminated === undefined
    ? { ...container, lastState: { terminated } }
    : { ...container, state: { terminated } };
}
