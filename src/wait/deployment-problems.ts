import type { KubeObject } from '../kube/object.js';
import { addsToStatus, eventProblems } from './events.js';
import type { Problem } from './object-status.js';
import { podProblems } from './pods.js';
import { replicaFailure } from './replica-failure.js';
import { statusOf } from './status.js';
import { nameSome } from './text.js';

/** What is read of a Deployment that is not ready, in order to explain it. */
export interface RolloutEvidence {
  deployment: KubeObject;
  /** The ReplicaSet of the newest template; undefined where it does not exist (yet). */
  replicaSet: KubeObject | undefined;
  /** Every pod the Deployment's selector matches, old ones and those being deleted too. */
  pods: readonly KubeObject[];
}

const MAX_EVENT_SOURCES = 4;

/** The ReplicaSet of the Deployment's newest revision; undefined where the Deployment owns none of them. */
export function newestReplicaSet(deployment: KubeObject, replicaSets: readonly KubeObject[]): KubeObject | undefined {
  return replicaSets
    .filter((set) => isOwnedBy(set, deployment))
    .reduce<KubeObject | undefined>(
      (best, set) => (best === undefined || revision(set) > revision(best) ? set : best),
      undefined,
    );
}

/**
 * The objects whose events may tell more: the ReplicaSet, or the Deployment where there is none, and some pods that are
 * not ready.
 */
export function eventSources({ deployment, replicaSet, pods }: RolloutEvidence): KubeObject[] {
  const waiting = podsOf(replicaSet, pods).filter((pod) => podProblems(pod).length > 0);
  return [replicaSet ?? deployment, ...waiting].slice(0, MAX_EVENT_SOURCES);
}

/**
 * Why a Deployment is not ready: pods that cannot be created, then what its newest pods lack, then what events add;
 * each cause once, with the pods it concerns. Those that cannot get better by themselves come first, those that only say
 * that something is not ready last. `events` belong to the objects of `eventSources`. Of a spec the controller has not
 * seen yet nothing can be said but that.
 */
export function deploymentProblems(evidence: RolloutEvidence, events: readonly KubeObject[]): Problem[] {
  const { deployment, replicaSet, pods } = evidence;
  const status = statusOf(deployment);
  if (status.state === 'ready') return [];
  if (status.reason === 'NotObserved' || status.state === 'terminating') {
    return [{ reason: status.reason ?? 'Terminating', message: status.message, terminal: false }];
  }
  const ending = pods.some((pod) => pod.metadata.deletionTimestamp !== undefined);
  const refused = replicaFailure(deployment, replicaSet, ending);
  const own = podsOf(replicaSet, pods);
  const known = [...(refused === undefined ? [] : [refused]), ...sharedProblems(own)];
  const told = eventProblems(
    events.filter((event) => addsToStatus(event, { pods: own, known, short: isShort(evidence) })),
  );
  return [...known, ...told].sort((a, b) => rank(a) - rank(b));
}

/** The pods of the newest template: the others are on their way out. */
export function podsOf(replicaSet: KubeObject | undefined, pods: readonly KubeObject[]): KubeObject[] {
  return replicaSet === undefined ? [] : pods.filter((pod) => isOwnedBy(pod, replicaSet));
}

const BARE_BACK_OFF = /: Back-off pulling image "[^"]*"( \(pods? .*\))?$/;

/** The first problem is the one that is shown while waiting. */
function rank({ reason, message, terminal }: Problem): number {
  if (terminal) return 0;
  const isVague =
    reason === 'Pending' ||
    (reason === 'ContainerNotReady' && !message.includes('; before that it ')) ||
    BARE_BACK_OFF.test(message);
  return isVague ? 2 : 1;
}

/** Replicas mostly fail alike: each problem once, with the names of the pods that have it. */
function sharedProblems(pods: readonly KubeObject[]): Problem[] {
  const shared = new Map<string, { problem: Problem; names: string[] }>();
  for (const pod of pods) {
    for (const problem of podProblems(pod)) {
      const key = `${problem.reason} ${problem.message}`;
      const entry = shared.get(key) ?? { problem, names: [] };
      entry.names.push(pod.metadata.name);
      shared.set(key, entry);
    }
  }
  return [...shared.values()].map(({ problem, names }) => ({
    ...problem,
    message: `${problem.message} (${nameSome('pod', names)})`,
  }));
}

/** True while pods the ReplicaSet wants do not exist. */
function isShort({ replicaSet, pods }: RolloutEvidence): boolean {
  const { replicas = 1 } = (replicaSet?.spec ?? {}) as { replicas?: number };
  return podsOf(replicaSet, pods).length < replicas;
}

function isOwnedBy(object: KubeObject, owner: KubeObject): boolean {
  return (object.metadata.ownerReferences ?? []).some(({ uid }) => uid === owner.metadata.uid);
}

/** The Deployment controller numbers its ReplicaSets with this annotation. */
function revision(replicaSet: KubeObject): number {
  return Number(replicaSet.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
}
