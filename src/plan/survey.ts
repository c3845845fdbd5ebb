import { ApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import type { Release } from '../release/release.js';
import { observe, tryGet } from './observe.js';
import { withOwner, type Owner } from './ownership.js';
import { makePlan, type Plan, type PlanPolicy } from './plan.js';
import { obsoleteObjects } from './removals.js';

export interface SurveyRequest extends PlanPolicy {
  owner: Owner;
  fieldManager: string;
  /** What the release is to consist of. */
  objects: readonly KubeObject[];
  /** What the last deployed revision consisted of. */
  previous: readonly KubeObject[];
  /** Revisions of which objects may be in the cluster. */
  revisions: readonly Release[];
}

export interface Survey {
  /** Undefined where it does not exist, or may not be read. */
  namespace: KubeObject | undefined;
  namespaceRefusal?: string;
  objects: Plan;
}

/** Compares all that a release wants with what the cluster holds, in one round of parallel reads. */
export async function survey(client: KubeClient, request: SurveyRequest): Promise<Survey> {
  const { owner, fieldManager, objects, previous, revisions } = request;
  const owned = objects.map((object) => withOwner(object, owner));
  const [namespace, observations, obsolete] = await Promise.all([
    tryGet(client, { apiVersion: 'v1', kind: 'Namespace', name: owner.namespace }),
    observe(client, owned, { fieldManager, previous }),
    obsoleteObjects(client, revisions, owned),
  ]);
  const { changes, obstacles } = makePlan(observations, owner, request);
  const plan = { changes: [...changes, ...obsolete], obstacles };
  return namespace instanceof ApiError
    ? { namespace: undefined, namespaceRefusal: namespace.message, objects: plan }
    : { namespace, objects: plan };
}
