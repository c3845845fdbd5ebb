import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import { observe } from './observe.js';
import { makePlan, type Plan } from './plan.js';
import { withOwner, type Owner } from './ownership.js';

export interface SurveyRequest {
  owner: Owner;
  fieldManager: string;
  objects: readonly KubeObject[];
  takeOwnership: boolean;
}

export interface Survey {
  /** Undefined where it does not exist. */
  namespace: KubeObject | undefined;
  objects: Plan;
}

/** Compares all that a release wants with what the cluster holds, in one round of parallel reads. */
export async function survey(client: KubeClient, request: SurveyRequest): Promise<Survey> {
  const { owner, fieldManager, takeOwnership } = request;
  const owned = request.objects.map((object) => withOwner(object, owner));
  const [namespace, objects] = await Promise.all([
    client.get({ apiVersion: 'v1', kind: 'Namespace', name: owner.namespace }),
    observe(client, owned, { fieldManager, force: takeOwnership }),
  ]);
  return { namespace, objects: makePlan(objects, owner, takeOwnership) };
}
