import { formatRef, refOf } from '../../kube/object.js';
import type { Change, Plan } from '../../plan/plan.js';
import type { ReleaseIdentity } from '../../render/scope.js';

/** Objects of kinds that the cluster does not serve. */
export function withoutKind({ changes }: Plan): Change[] {
  return changes.filter((change) => change.action === 'create' && change.waitsFor === 'kind');
}

export function describeUnknownKind({ object }: Change): string {
  const hint = object.apiVersion.startsWith('cert-manager.io/') ? '; install cert-manager first' : '';
  return `${formatRef(refOf(object))}: the cluster does not serve ${object.kind} of ${object.apiVersion}${hint}`;
}

/** An object of a post-renderer may be of any namespace, but nobody makes that unless it is one of the objects too. */
export function withoutNamespace({ changes }: Plan, release: ReleaseIdentity): Change[] {
  const made = changes.filter(({ object }) => object.kind === 'Namespace').map(({ object }) => refOf(object).name);
  const there = new Set([release.namespace, ...made]);
  return changes.filter(
    (change) =>
      change.action === 'create' &&
      change.waitsFor === 'namespace' &&
      !there.has(change.object.metadata.namespace ?? release.namespace),
  );
}

export function describeNowhere({ object }: Change): string {
  return `${formatRef(refOf(object))}: namespace ${object.metadata.namespace} does not exist`;
}
