import { KthenaError } from '../errors.js';
import type { Emit } from '../events.js';
import type { KubeClient } from '../kube/client.js';
import { formatRef, type KubeObject } from '../kube/object.js';
import { waitUntilGone } from '../wait/deletion.js';
import { resourcesOf, type CountedResource } from './census.js';
import { crdRef, crdSpec } from './crd.js';
import { deadWebhooks } from './webhooks.js';

/** Deletions in flight at once: the API server's own fairness does the rest. */
const CONCURRENCY = 16;

interface RemovalContext {
  timeoutMs: number;
  signal: AbortSignal;
  emit: Emit;
}

/**
 * Deletes the resources that were counted, those very ones, and waits until they are gone. The controllers are still there, so that
 * finalizers are processed.
 *
 * @throws KthenaError `failed` naming each resource that does not go and what holds it; `interrupted`
 */
export async function removeResources(
  client: KubeClient,
  crds: readonly KubeObject[],
  resources: readonly CountedResource[],
  { timeoutMs, signal, emit }: RemovalContext,
): Promise<void> {
  emit({ type: 'step', message: `Deleting ${resources.length} resources` });
  // Owners first: a controller would make their children again.
  for (const owned of [false, true]) {
    await deleteAll(
      client,
      resources.filter((resource) => resource.owned === owned),
      signal,
    );
  }
  const { outcome, remaining } = await waitUntilGone(
    client,
    resources.map(({ ref }) => ref),
    { timeoutMs, signal },
  );
  if (outcome === 'gone') return;
  const hint = 'No CRD was deleted. Run the same command again to go on.';
  if (outcome === 'interrupted')
    throw new KthenaError('interrupted', 'stopped while resources were being deleted', { hint });
  throw new KthenaError('failed', `${remaining.length} resources are still there after ${timeoutMs / 1000} s`, {
    details: [
      ...remaining.map(({ ref, message }) => `${formatRef(ref)}: ${message}`),
      ...(await deadWebhooks(client, groupsOf(crds))),
    ],
    hint,
  });
}

async function deleteAll(
  client: KubeClient,
  resources: readonly CountedResource[],
  signal: AbortSignal,
): Promise<void> {
  const queue = resources.values();
  const work = async (): Promise<void> => {
    for (const { ref, uid } of queue) {
      if (signal.aborted) return;
      await client.delete(ref, { propagation: 'Background', uid });
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

/**
 * Deletes CRDs that have no resources left. One that was given a new resource since the count is not deleted: nobody confirmed
 * the loss of that.
 *
 * @throws KthenaError `conflict` naming the new resources
 */
export async function removeCrds(
  client: KubeClient,
  crds: readonly KubeObject[],
  { timeoutMs, signal, emit }: RemovalContext,
): Promise<void> {
  const unexpected = (await Promise.all(crds.map((crd) => resourcesOf(client, crd)))).flat();
  if (unexpected.length > 0) {
    throw new KthenaError(
      'conflict',
      'resources were created while the others were being deleted; no CRD was deleted',
      {
        details: unexpected.slice(0, 20).map(({ ref }) => formatRef(ref)),
        hint: 'Stop what creates them, then run the same command again.',
      },
    );
  }
  if (signal.aborted) throw new KthenaError('interrupted', 'stopped before the CRDs were deleted');
  emit({ type: 'step', message: `Deleting ${crds.length} CRDs` });
  for (const crd of crds) {
    const ref = crdRef(crd.metadata.name);
    const existed = await client.delete(ref, { uid: crd.metadata.uid! });
    emit({ type: 'deleted', ref, existed });
  }
  const refs = crds.map((crd) => crdRef(crd.metadata.name));
  const { outcome, remaining } = await waitUntilGone(client, refs, { timeoutMs, signal });
  if (outcome === 'gone') return;
  throw new KthenaError(outcome === 'interrupted' ? 'interrupted' : 'timeout', 'some CRDs are still being deleted', {
    details: remaining.map(({ ref, message }) => `${formatRef(ref)}: ${message}`),
  });
}

export function groupsOf(crds: readonly KubeObject[]): string[] {
  return [...new Set(crds.map((crd) => crdSpec(crd).group))];
}
