import { ApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import { observe, tryGet } from './observe.js';
import { makePlan, type Plan } from './plan.js';
import { withOwner, type Owner } from './ownership.js';

export interface SurveyRequest {
  owner: Owner;
  fieldManager: string;
  objects: readonly KubeObject[];
  takeOwnership: boolean;
}

export interface Survey {
  /** Undefined where it does not exist, or may not be read. */
  namespace: KubeObject | undefined;
  namespaceRefusal?: string;
  objects: Plan;
}

/** Compares all that a release wants with what the cluster holds, in one round of parallel reads. */
export async function survey(client: KubeClient, request: SurveyRequest): Promise<Survey> {
  const { owner, fieldManager, takeOwnership } = request;
  const owned = request.objects.map((object) => withOwner(object, owner));
  const [namespace, objects] = await Promise.all([
    tryGet(client, { apiVersion: 'v1', kind: 'Namespace', name: owner.namespace }),
    observe(client, owned, { fieldManager, force: takeOwnership }),
  ]);
  const plan = makePlan(objects, owner, takeOwnership);
  return namespace instanceof ApiError
    ? { namespace: undefined, namespaceRefusal: namespace.message, objects: plan }
    : { namespace, objects: plan };
}
