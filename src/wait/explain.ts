import type { KubeClient, ListQuery } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import { crashesWithoutWords, withLastWords } from './crashes.js';
import { deploymentProblems, eventSources, newestReplicaSet, podsOf } from './deployment-problems.js';
import { readLastWords } from './logs.js';
import type { Problem } from './object-status.js';
import { podProblems } from './pods.js';
import { labelSelectorOf } from './selector.js';
import { statusOf } from './status.js';

/** Of one list: enough to explain a rollout, however many pods a namespace holds. */
const MAX_OBJECTS = 200;

/**
 * Why an object is not ready; empty for one that is. For a Deployment its ReplicaSets, pods, their Warning events and
 * the logs of crashed containers are read: at most eight requests in two rounds. Any other object is explained from its own status, without a request.
 * What may not be read is left out: an explanation must never hide the failure it explains.
 */
export async function explain(client: KubeClient, object: KubeObject): Promise<Problem[]> {
  return isDeployment(object) ? explainDeployment(client, object) : ownProblems(object);
}

const REASONS = { progressing: 'NotReady', failed: 'Failed', terminating: 'Terminating', missing: 'NotFound' } as const;

/** What an object says itself about not being ready. */
export function ownProblems(object: KubeObject): Problem[] {
  const status = statusOf(object);
  if (status.state === 'ready') return [];
  if (object.kind === 'Pod' && object.apiVersion === 'v1') return podProblems(object);
  const reason = status.reason ?? REASONS[status.state];
  return [{ reason, message: status.message, terminal: status.state === 'failed' }];
}

/** Deployments are the one kind whose own status does not tell enough. */
export function isDeployment(object: { apiVersion: string; kind: string }): boolean {
  return object.kind === 'Deployment' && object.apiVersion.startsWith('apps/');
}

async function explainDeployment(client: KubeClient, deployment: KubeObject): Promise<Problem[]> {
  if (statusOf(deployment).state === 'ready') return [];
  const scope = { ...namespaceOf(deployment), labelSelector: labelSelectorOf(deployment) };
  const [replicaSets, pods] = await Promise.all([
    read(client, { apiVersion: 'apps/v1', kind: 'ReplicaSet', ...scope }),
    read(client, { apiVersion: 'v1', kind: 'Pod', ...scope }),
  ]);
  const replicaSet = newestReplicaSet(deployment, replicaSets);
  const sources = eventSources({ deployment, replicaSet, pods });
  const [words, ...events] = await Promise.all([
    readLastWords(client, crashesWithoutWords(podsOf(replicaSet, pods))),
    ...sources.map((source) => warningsOf(client, source)),
  ]);
  return deploymentProblems({ deployment, replicaSet, pods: withLastWords(pods, words) }, events.flat());
}

function warningsOf(client: KubeClient, source: KubeObject): Promise<KubeObject[]> {
  const fieldSelector = `involvedObject.uid=${source.metadata.uid},type=Warning`;
  return read(client, { apiVersion: 'v1', kind: 'Event', ...namespaceOf(source), fieldSelector });
}

async function read(client: KubeClient, query: ListQuery): Promise<KubeObject[]> {
  const objects: KubeObject[] = [];
  try {
    for await (const object of client.list(query)) {
      objects.push(object);
      if (objects.length === MAX_OBJECTS) break;
    }
  } catch {
    // Forbidden or out of reach: explained with less.
  }
  return objects;
}

function namespaceOf({ metadata: { namespace } }: KubeObject): { namespace?: string } {
  return namespace === undefined ? {} : { namespace };
}
