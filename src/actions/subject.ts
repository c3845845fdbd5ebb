import type { Bundle } from '../bundle/bundle.js';
import type { Subject } from '../preflight/check.js';
import { placed } from '../release/manifest-objects.js';
import { bundledCrds } from './bundled-crds.js';
import type { ActionContext } from './context.js';
import { planPrepared, type Deployment, type DeploymentPlan } from './deployment.js';
import type { Prepared } from './prepare.js';

export interface SubjectRequest extends Omit<Deployment, 'objects' | 'crds'> {
  createNamespace: boolean;
  skipCrds: boolean;
  wait: boolean;
}

/**
 * What the checks before an install or upgrade look at.
 *
 * @param plan where it is being made already
 */
export async function subjectOf(
  bundle: Bundle,
  prepared: Prepared,
  request: SubjectRequest,
  context: Pick<ActionContext, 'client' | 'now'>,
  plan?: Promise<DeploymentPlan>,
): Promise<Subject> {
  const { release, history, createNamespace, skipCrds, wait, forceConflicts } = request;
  const { rendering, values, certificates } = prepared;
  const rendered = rendering.objects.map(({ object }) => object);
  const [objects, crds] = await Promise.all([
    placed(context.client, rendered, release.namespace),
    skipCrds || rendering.crds.length === 0 ? [] : bundledCrds(bundle, { names: rendering.crds }),
  ]);
  let made = plan;
  return {
    release,
    values,
    objects,
    crds,
    certificates,
    history,
    createNamespace,
    wait,
    forceConflicts,
    plan: () => (made ??= planPrepared(bundle, prepared, request, context)),
  };
}
