import type { KubeClient } from '../kube/client.js';
import type { Release } from '../release/release.js';
import { releaseNotFound } from '../release/not-found.js';
import { ReleaseStore } from '../release/store.js';
import type { ReleaseIdentity } from '../render/scope.js';

/**
 * The newest `max` revisions of a release, the oldest of them first.
 *
 * @throws KthenaError `not-found`
 */
export async function releaseHistory(client: KubeClient, identity: ReleaseIdentity, max: number): Promise<Release[]> {
  const history = await new ReleaseStore(client, identity.namespace).history(identity.name);
  if (history.length === 0) throw releaseNotFound(identity);
  return history.slice(-max);
}
