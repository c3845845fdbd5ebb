import type { KubeObject } from '../kube/object.js';
import type { Problem } from './object-status.js';
import { hasStarted, isPodReady } from './pods.js';
import { oneLine } from './text.js';

/** A core/v1 Event; newer components fill `eventTime` and `series` instead of `lastTimestamp`. */
interface EventFields {
  involvedObject?: { uid?: string };
  type?: string;
  reason?: string;
  message?: string;
  lastTimestamp?: string | null;
  firstTimestamp?: string | null;
  eventTime?: string | null;
  series?: { lastObservedTime?: string };
}

const MAX_PROBLEMS = 5;

/** What differs between two events of the same cause: UIDs, addresses, durations, the random ends of pods' names. */
const VARYING = new RegExp(
  [
    '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}',
    '\\d+(\\.\\d+){3}(:\\d+)?',
    '\\d+(\\.\\d+)?(ms|s|m)\\b',
    '-[a-z0-9]{8,10}-[a-z0-9]{5}(?![a-z0-9])',
  ].join('|'),
  'g',
);

/**
 * Warning events as problems: of those that tell the same only the latest, the newest first, at most five.
 * An event never shows that waiting is of no use: its writer tries again.
 */
export function eventProblems(events: readonly KubeObject[]): Problem[] {
  const latest = new Map<string, EventFields>();
  const newestFirst = events.map((event) => event as EventFields).sort((a, b) => timeOf(b) - timeOf(a));
  for (const event of newestFirst) {
    if (event.type !== 'Warning' || !event.message) continue;
    const key = `${event.reason} ${event.message.replaceAll(VARYING, '*')}`;
    if (!latest.has(key)) latest.set(key, event);
  }
  return [...latest.values()].slice(0, MAX_PROBLEMS).map(({ reason = 'Warning', message = '' }) => ({
    reason,
    message: oneLine(message),
    terminal: false,
  }));
}

export interface KnownSoFar {
  /** Pods the events may speak of. */
  pods: readonly KubeObject[];
  /** Problems found in statuses. */
  known: readonly Problem[];
  /** True while pods that are wanted do not exist. */
  short: boolean;
}

/** Said again, with less, by what the kubelet writes into the containers' status. */
const REPEATED_BY_STATUS = new Set(['BackOff', 'InspectFailed', 'ErrImageNeverPull']);

/** Over as soon as a container has run. */
const BEFORE_START = new Set(['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox', 'FailedScheduling']);

/** About pods that could not be created: over as soon as they exist. */
const CREATION = new Set(['FailedCreate', 'ReplicaSetCreateError']);

/**
 * `Failed` tells of pulls (`Failed to pull image "x": why`) and, as `Error: …`, repeats every other container status.
 */
const PULL_FAILURE = /^Failed to pull image "[^"]*": (?<why>.{1,80})/s;

/** False for an event that is over, or that says what the statuses say already. */
export function addsToStatus(event: KubeObject, { pods, known, short }: KnownSoFar): boolean {
  const { reason = '', message = '', involvedObject } = event as EventFields;
  if (CREATION.has(reason)) return short && !known.some((problem) => problem.reason === reason);
  const pod = pods.find(({ metadata }) => metadata.uid === involvedObject?.uid);
  if (pod === undefined || isPodReady(pod) || REPEATED_BY_STATUS.has(reason)) return false;
  if (reason === 'FailedScheduling' && known.some((problem) => problem.reason === 'Unschedulable')) return false;
  if (BEFORE_START.has(reason)) return !hasStarted(pod);
  if (reason !== 'Failed') return true;
  // Older kubelets leave the registry's answer out of the status of ImagePullBackOff: then only the event has it.
  const why = PULL_FAILURE.exec(message)?.groups?.['why'];
  return why !== undefined && !known.some((problem) => problem.message.includes(oneLine(why)));
}

/** Milliseconds since 1970, 0 where the event carries no time. */
function timeOf({ series, lastTimestamp, eventTime, firstTimestamp }: EventFields): number {
  const time = series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? firstTimestamp;
  return time ? Date.parse(time) : 0;
}
