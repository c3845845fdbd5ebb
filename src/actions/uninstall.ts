import { wasCreatedFor } from '../apply/namespace.js';
import { removeObjects } from '../apply/remove.js';
import type { Bundle } from '../bundle/bundle.js';
import { remainingCrds, type RemainingCrd } from '../crds/remaining.js';
import { KthenaError } from '../errors.js';
import { compareUninstallKinds } from '../kube/kind-order.js';
import { formatRef, type ObjectRef } from '../kube/object.js';
import { leftovers } from '../plan/leftovers.js';
import { removals, type Removal } from '../plan/removals.js';
import { withStatus, type Release } from '../release/release.js';
import { ReleaseStore } from '../release/store.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { waitUntilGone } from '../wait/deletion.js';
import type { ActionContext } from './context.js';
import { withLock } from './lock.js';

export interface UninstallRequest {
  release: ReleaseIdentity;
  dryRun: boolean;
  keepHistory: boolean;
  ignoreNotFound: boolean;
  deleteNamespace: boolean;
  wait: boolean;
  timeoutMs: number;
}

export interface UninstallResult {
  outcome: 'uninstalled' | 'not-found' | 'dry-run';
  release: ReleaseIdentity;
  /** What was deleted, or would be. */
  objects: ObjectRef[];
  /** What stays though it is in the manifest, and why. */
  kept: { ref: ObjectRef; reason: string }[];
  /** The CRDs that stay, with the resources of their kinds. */
  crds: RemainingCrd[];
  /** What became of the namespace where it was to be deleted too. */
  namespace?: { deleted: boolean; reason: string };
}

/**
 * Takes a release out of the cluster; CRDs and custom resources stay. The record goes last, so that an uninstall
 * that was cut off at any moment ends when it is run again.
 */
export async function uninstall(
  bundle: Bundle,
  request: UninstallRequest,
  context: ActionContext,
): Promise<UninstallResult> {
  const { client, now } = context;
  const { release } = request;
  const store = new ReleaseStore(client, release.namespace, now);
  const history = await store.history(release.name);
  const latest = history.at(-1);
  const result = { release, objects: [], kept: [], crds: [] };
  if (latest === undefined || (latest.info.status === 'uninstalled' && request.keepHistory)) {
    if (request.ignoreNotFound) return { ...result, outcome: 'not-found' };
    throw notFound(release, latest);
  }
  const crds = (await bundle.crds()).map(({ object }) => object);
  const [{ objects, kept }, remaining] = await Promise.all([removals(client, latest), remainingCrds(client, crds)]);
  const refs = objects.map(({ ref }) => ref).sort((a, b) => compareUninstallKinds(a.kind, b.kind));
  if (request.dryRun) {
    await removeObjects(client, objects, { ...context, dryRun: true });
    return { ...result, outcome: 'dry-run', objects: refs, kept, crds: remaining };
  }
  await withLock({ release, operation: 'uninstall' }, context, (locked) =>
    remove(store, history, latest, objects, request, locked),
  );
  const uninstalled = { ...result, outcome: 'uninstalled' as const, objects: refs, kept, crds: remaining };
  if (!request.deleteNamespace) return uninstalled;
  return { ...uninstalled, namespace: await deleteNamespace(release, request, context) };
}

async function remove(
  store: ReleaseStore,
  history: readonly Release[],
  latest: Release,
  objects: readonly Removal[],
  request: UninstallRequest,
  context: ActionContext,
): Promise<void> {
  const { now } = context;
  const record = await store.update(withStatus(latest, 'uninstalling', 'Uninstall in progress', now()));
  await removeObjects(context.client, objects, { ...context, dryRun: false });
  if (request.wait || request.deleteNamespace)
    await awaitRemoval(
      objects.map(({ ref }) => ref),
      request.timeoutMs,
      context,
    );
  if (request.keepHistory) {
    await store.update(withStatus(record, 'uninstalled', 'Uninstall complete', now()));
    return;
  }
  // The newest last: while it is there, the uninstall can be run again.
  for (const { name, version } of history) await store.remove(name, version);
}

async function awaitRemoval(
  refs: readonly ObjectRef[],
  timeoutMs: number,
  { client, signal, emit }: ActionContext,
): Promise<void> {
  emit({ type: 'step', message: 'Waiting for the objects to be gone' });
  const { outcome, remaining } = await waitUntilGone(client, refs, { timeoutMs, signal });
  if (outcome === 'gone') return;
  const details = remaining.map(({ ref, message }) => `${formatRef(ref)}: ${message}`);
  const hint = 'Run the same command again to go on.';
  if (outcome === 'interrupted')
    throw new KthenaError('interrupted', 'stopped while objects were being deleted', { details, hint });
  throw new KthenaError('timeout', `some objects are still there after ${timeoutMs / 1000} s`, { details, hint });
}

/** Only a namespace that the installer created, and only an empty one. */
async function deleteNamespace(
  release: ReleaseIdentity,
  request: UninstallRequest,
  context: ActionContext,
): Promise<{ deleted: boolean; reason: string }> {
  const ref: ObjectRef = { apiVersion: 'v1', kind: 'Namespace', name: release.namespace };
  const namespace = await context.client.get(ref);
  if (namespace === undefined) return { deleted: false, reason: 'it does not exist' };
  if (!wasCreatedFor(namespace, release)) return { deleted: false, reason: 'kthena install did not create it' };
  const left = await leftovers(context.client, release.namespace);
  if (left.length > 0) return { deleted: false, reason: `it is not empty: ${left.map(formatRef).join(', ')}` };
  await context.client.delete(ref);
  context.emit({ type: 'deleted', ref, existed: true });
  if (request.wait) await awaitRemoval([ref], request.timeoutMs, context);
  return { deleted: true, reason: 'it was created by kthena install and is empty' };
}

function notFound({ name, namespace }: ReleaseIdentity, latest: Release | undefined): KthenaError {
  const what = latest === undefined ? 'not found' : 'already uninstalled';
  return new KthenaError('not-found', `release ${name} is ${what} in namespace ${namespace}`, {
    hint: 'kthena list -A shows the releases of all namespaces; --ignore-not-found makes this no error.',
  });
}
