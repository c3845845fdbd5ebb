import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import { observe } from './observe.js';
import { makePlan, type Plan } from './plan.js';
import { withOwner, type Owner } from './ownership.js';

export interface SurveyRequest {
  owner: Owner;
  fieldManager: string;
  crds: readonly KubeObject[];
  objects: readonly KubeObject[];
  takeOwnership: boolean;
}

export interface Survey {
  /** Undefined where it does not exist. */
  namespace: KubeObject | undefined;
  crds: Plan;
  objects: Plan;
}

/** Compares all that a release wants with what the cluster holds, in one round of parallel reads. */
export async function survey(client: KubeClient, request: SurveyRequest): Promise<Survey> {
  const { owner, fieldManager, takeOwnership } = request;
  const owned = request.objects.map((object) => withOwner(object, owner));
  const [namespace, crds, objects] = await Promise.all([
    client.get({ apiVersion: 'v1', kind: 'Namespace', name: owner.namespace }),
    observe(client, request.crds, { fieldManager }),
    observe(client, owned, { fieldManager, force: takeOwnership }),
  ]);
  return {
    namespace,
    // No release owns a CRD: the resources of others may be of its kind.
    crds: makePlan(crds, undefined, false),
    objects: makePlan(objects, owner, takeOwnership),
  };
}
