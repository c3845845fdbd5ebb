import { ApiError } from '../../kube/api-error.js';
import type { KubeClient } from '../../kube/client.js';
import { refOf, type KubeObject } from '../../kube/object.js';
import { tryGet } from '../../plan/observe.js';
import { describeOwner, isOwnedBy, ownerOf } from '../../plan/ownership.js';
import type { ReleaseIdentity } from '../../render/scope.js';
import type { Finding, Subject } from '../check.js';

/** Objects of a release that are not there, are about to go, or are somebody else's by now. */
export async function installedFindings(client: KubeClient, { release, objects }: Subject): Promise<Finding[]> {
  const found = await Promise.all(
    objects.map(async (object) => ({ object, live: await tryGet(client, refOf(object)) })),
  );
  return found.flatMap(({ object, live }) => findingOf(object, live, release) ?? []);
}

function findingOf(
  recorded: KubeObject,
  live: KubeObject | ApiError | undefined,
  release: ReleaseIdentity,
): Finding | undefined {
  const object = refOf(recorded);
  const again = `kthena upgrade ${release.name} -n ${release.namespace}`;
  if (live instanceof ApiError) {
    return { severity: 'warning', object, seen: live.message, hint: 'Run the check as somebody who may read it.' };
  }
  if (live === undefined) {
    return { severity: 'error', object, seen: 'it is missing', hint: `${again} makes it again.` };
  }
  if (live.metadata.deletionTimestamp !== undefined) {
    const hint = `Look at its finalizers with kubectl get -o yaml; when it is gone, ${again} makes it again.`;
    return { severity: 'error', object, seen: 'it is being deleted', hint };
  }
  if (isOwnedBy(live, release)) return undefined;
  const isTaken = ownerOf(live) !== undefined;
  return {
    severity: isTaken ? 'error' : 'warning',
    object,
    seen: `it ${describeOwner(live)}`,
    hint: isTaken
      ? 'One cluster takes one install: remove one of the two with kthena uninstall.'
      : `${again} --take-ownership makes it part of this release again.`,
  };
}
