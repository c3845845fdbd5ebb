import type { KubeClient } from '../kube/client.js';
import { refOf, type KubeObject } from '../kube/object.js';
import { manifestObjects } from '../release/manifest-objects.js';
import type { Release } from '../release/release.js';
import { releaseNotFound } from '../release/not-found.js';
import { ReleaseStore } from '../release/store.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { explain } from '../wait/explain.js';
import { MISSING } from '../wait/object-status.js';
import type { Observation } from '../wait/observations.js';
import { statusOf } from '../wait/status.js';

export interface ReleaseState {
  release: Release;
  objects: Observation[];
}

/**
 * A release and how each of its objects is doing, with the reasons where one is not ready.
 *
 * @throws KthenaError `not-found`
 */
export async function releaseState(client: KubeClient, identity: ReleaseIdentity): Promise<ReleaseState> {
  const release = await new ReleaseStore(client, identity.namespace).latest(identity.name);
  if (release === undefined) throw releaseNotFound(identity);
  const manifest = await manifestObjects(client, release);
  const objects = await Promise.all(manifest.map((object) => stateOf(client, object, release)));
  return { release, objects };
}

async function stateOf(client: KubeClient, object: KubeObject, release: Release): Promise<Observation> {
  const ref = refOf(object);
  const live = await client.get(ref);
  if (live === undefined) return { ref, status: MISSING, problems: [] };
  const status = statusOf(live);
  const problems = status.state === 'ready' || release.info.status === 'uninstalled' ? [] : await explain(client, live);
  return { ref, status, problems };
}
