import { KthenaError } from '../../errors.js';
import type { KubeClient } from '../../kube/client.js';
import { formatRef, refOf, type KubeObject } from '../../kube/object.js';
import type { Change, Obstacle } from '../../plan/plan.js';
import type { Finding, PlannedChanges, Subject } from '../check.js';
import { errorFinding, isLackOfRights, untriedFinding } from '../refused.js';
import { checkOnlyInstall } from './only-install.js';
import { describeNowhere, describeUnknownKind, withoutKind, withoutNamespace } from './place.js';

const HINTS: Record<Obstacle['kind'], string> = {
  foreign:
    'Add --take-ownership if it is to become part of this release; otherwise remove it, since its name is fixed.',
  refused: 'Change the values to what the API server takes.',
  terminating: 'Wait until it is gone; kubectl get with -o yaml shows the finalizers that hold it.',
  conflict: 'Set the value to what that manager wants, or take the field over with --force-conflicts.',
};

/** What stands in the way of the objects that are to be made, in the words in which an install is refused. */
export async function plannedFindings(
  client: KubeClient,
  { found }: PlannedChanges,
  { release, objects }: Subject,
): Promise<Finding[]> {
  const other = await otherInstall(client, { found }, release);
  if (other !== undefined) return [errorFinding(other, '')];
  const { obstacles } = found.objects;
  const untried = obstacles.filter(({ kind, message }) => kind === 'refused' && isLackOfRights(message));
  return [
    ...obstacles
      .filter((obstacle) => !untried.includes(obstacle))
      .map((obstacle) => obstacleFinding(obstacle, objects)),
    ...(untried.length === 0 ? [] : [untriedFinding(`${untried.length} objects`)]),
    // Whether cert-manager is there is a check of its own.
    ...withoutKind(found.objects)
      .filter(({ object }) => !object.apiVersion.startsWith('cert-manager.io/'))
      .map((change) => changeFinding(change, describeUnknownKind, 'Install what brings this kind first.')),
    ...withoutNamespace(found.objects, release).map((change) =>
      changeFinding(change, describeNowhere, 'Create the namespace first, or have the post-renderer make it.'),
    ),
  ];
}

async function otherInstall(
  client: KubeClient,
  { found }: Pick<PlannedChanges, 'found'>,
  release: Subject['release'],
): Promise<KthenaError | undefined> {
  try {
    await checkOnlyInstall(client, found.objects, release);
    return undefined;
  } catch (error) {
    if (error instanceof KthenaError && error.code === 'conflict') return error;
    throw error;
  }
}

function obstacleFinding({ kind, message }: Obstacle, objects: readonly KubeObject[]): Finding {
  const object = objects.map(refOf).find((ref) => message.startsWith(`${formatRef(ref)}:`));
  return { severity: 'error', ...(object === undefined ? {} : { object }), seen: message, hint: HINTS[kind] };
}

function changeFinding(change: Change, describe: (change: Change) => string, hint: string): Finding {
  return { severity: 'error', object: refOf(change.object), seen: describe(change), hint };
}
