import { KthenaError } from '../errors.js';
import type { KubeClient } from '../kube/client.js';
import type { Release } from '../release/release.js';
import { releaseNotFound } from '../release/not-found.js';
import { ReleaseStore } from '../release/store.js';
import type { ReleaseIdentity } from '../render/scope.js';

/**
 * A revision of a release as it was recorded, whatever its status and whoever made it.
 *
 * @param revision the newest where it is undefined
 * @throws KthenaError `not-found`, naming the revisions there are
 */
export async function recordedRevision(
  client: KubeClient,
  identity: ReleaseIdentity,
  revision: number | undefined,
): Promise<Release> {
  const store = new ReleaseStore(client, identity.namespace);
  const found = revision === undefined ? await store.latest(identity.name) : await store.get(identity.name, revision);
  if (found !== undefined) return found;
  const revisions = revision === undefined ? [] : await store.revisions(identity.name);
  if (revisions.length === 0) throw releaseNotFound(identity);
  throw new KthenaError(
    'not-found',
    `release ${identity.name} in namespace ${identity.namespace}: revision ${revision} does not exist; there ${revisions.length === 1 ? 'is' : 'are'} ${revisions.join(', ')}`,
    { hint: `kthena history ${identity.name} -n ${identity.namespace} says what became of each.` },
  );
}
