import { groupOf, type KubeObject } from '../kube/object.js';

/** Why a resource is not taken into a backup; undefined for one that is. */
export type Reason = 'children' | 'terminating' | undefined;

/**
 * Resources that a controller made for a resource of Kthena are left out unless `children` is set: it makes them again, and might
 * fight over restored ones. What is being deleted is on its way out by somebody's will.
 *
 * @param groups the API groups of Kthena
 */
export function reasonToLeaveOut({ metadata }: KubeObject, groups: readonly string[], children: boolean): Reason {
  if (metadata.deletionTimestamp !== undefined) return 'terminating';
  if (children) return undefined;
  const made = (metadata.ownerReferences ?? []).some(
    ({ apiVersion, controller }) => controller === true && groups.includes(groupOf(apiVersion)),
  );
  return made ? 'children' : undefined;
}
