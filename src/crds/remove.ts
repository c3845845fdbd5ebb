import { setTimeout as pause } from 'node:timers/promises';
import { KthenaError } from '../errors.js';
import type { Emit } from '../events.js';
import type { KubeClient } from '../kube/client.js';
import { formatRef, refOf, type KubeObject } from '../kube/object.js';
import { waitUntilGone } from '../wait/deletion.js';
import { resourcesOf, type CountedResource } from './census.js';
import { counted } from './counted.js';
import { crdRef, crdSpec, groupsOf, resourceQuery } from './crd.js';
import { NO_CRD_DELETED, waitUntilRemoved } from './wait-removed.js';
import { deadWebhooks } from './webhooks.js';

/** Deletions in flight at once: the API server's own fairness does the rest. */
const CONCURRENCY = 16;

interface RemovalContext {
  timeoutMs: number;
  signal: AbortSignal;
  emit: Emit;
}

/**
 * Lets the server try the deletion of each CRD and of one resource of each kind: a right that is missing, or a webhook that refuses,
 * must not show after half of the resources are gone.
 *
 * @throws KthenaError as the server refuses it
 */
export async function rehearseRemoval(
  client: KubeClient,
  crds: readonly KubeObject[],
  resources: readonly CountedResource[],
): Promise<void> {
  const oneOfEach = [...new Map(resources.map((resource) => [resource.ref.kind, resource])).values()];
  const attempts = [...crds.map((crd) => ({ ref: crdRef(crd.metadata.name), uid: crd.metadata.uid! })), ...oneOfEach];
  await explained(client, crds, 'Nothing was deleted.', () =>
    Promise.all(attempts.map(({ ref, uid }) => client.delete(ref, { uid, dryRun: true }))),
  );
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
  emit({ type: 'step', message: `Deleting ${counted(resources.length, 'resource')}` });
  await explained(client, crds, NO_CRD_DELETED, async () => {
    let done = 0;
    const onDeleted = (): void => emit({ type: 'count', what: 'deleted', done: ++done, total: resources.length });
    // Owners first: a controller would make their children again.
    for (const owned of [false, true]) {
      const these = resources.filter((resource) => resource.owned === owned);
      await deleteAll(client, these, { signal, onDeleted });
    }
  });
  const kinds = new Set(resources.map(({ ref }) => ref.kind));
  const affected = crds.filter((crd) => kinds.has(crdSpec(crd).names.kind));
  await waitUntilRemoved(client, affected, resources, { timeoutMs, signal, emit });
}

/** Adds to a refusal by a webhook which one it is and what to do about it: the API server names neither. */
async function explained(
  client: KubeClient,
  crds: readonly KubeObject[],
  hint: string,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof KthenaError) || !/failed calling webhook/.test(error.message)) throw error;
    throw new KthenaError('failed', error.message, {
      details: await deadWebhooks(client, groupsOf(crds)),
      hint,
      cause: error,
    });
  }
}

async function deleteAll(
  client: KubeClient,
  resources: readonly CountedResource[],
  { signal, onDeleted }: { signal: AbortSignal; onDeleted: () => void },
): Promise<void> {
  const queue = resources.values();
  let failed = false;
  const work = async (): Promise<void> => {
    for (const { ref, uid } of queue) {
      if (signal.aborted || failed) return;
      try {
        await client.delete(ref, { propagation: 'Background', uid });
        onDeleted();
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

/**
 * Deletes CRDs that have no resources left. Right before each it is made sure that none has come since the count: nobody confirmed the
 * loss of such a one.
 *
 * @throws KthenaError `conflict` naming the new resources
 */
export async function removeCrds(
  client: KubeClient,
  crds: readonly KubeObject[],
  { timeoutMs, signal, emit }: RemovalContext,
): Promise<void> {
  emit({ type: 'step', message: `Deleting ${counted(crds.length, 'CRD')}` });
  const arrivals = await noteArrivals(client, crds);
  try {
    await removeOneByOne(client, crds, { timeoutMs, signal, emit });
  } finally {
    arrivals.stop();
  }
  if (arrivals.names.size === 0) return;
  throw new KthenaError(
    'failed',
    'the CRDs are deleted, and with them resources that were created at that very moment',
    {
      details: [...arrivals.names],
      hint: 'Nobody confirmed the loss of these. Whoever created them has to do so again, once the CRDs are back.',
    },
  );
}

async function removeOneByOne(
  client: KubeClient,
  crds: readonly KubeObject[],
  { timeoutMs, signal, emit }: RemovalContext,
): Promise<void> {
  const deleted: string[] = [];
  for (const crd of crds) {
    if (signal.aborted)
      throw new KthenaError('interrupted', `stopped after ${deleted.length} of ${counted(crds.length, 'CRD')}`);
    const unexpected = await resourcesOf(client, crd);
    if (unexpected.length > 0) throw createdMeanwhile(unexpected, deleted);
    const ref = crdRef(crd.metadata.name);
    const existed = await client.delete(ref, { uid: crd.metadata.uid! });
    deleted.push(ref.name);
    emit({ type: 'deleted', ref, existed });
  }
  const refs = crds.map((crd) => crdRef(crd.metadata.name));
  const { outcome, remaining } = await waitUntilGone(client, refs, { timeoutMs, signal });
  if (outcome === 'gone') return;
  throw new KthenaError(outcome === 'interrupted' ? 'interrupted' : 'timeout', 'some CRDs are still being deleted', {
    details: remaining.map(({ ref, message }) => `${formatRef(ref)}: ${message}`),
  });
}

/** How long a watch gets to be under way; the API server does not say when it is. */
const WATCH_START_MS = 200;

/**
 * Notes the names of what is created of these kinds from now on. Between the last look and the deletion of a CRD the API server
 * still takes resources, and nothing can close that moment; so what is lost in it is at least known.
 */
async function noteArrivals(
  client: KubeClient,
  crds: readonly KubeObject[],
): Promise<{ names: ReadonlySet<string>; stop(): void }> {
  const names = new Set<string>();
  const watching = new AbortController();
  const follow = async (crd: KubeObject): Promise<void> => {
    try {
      for await (const { type, object } of client.watch(resourceQuery(crd), watching.signal)) {
        if (type === 'ADDED') names.add(formatRef(refOf(object)));
      }
    } catch (error) {
      // It ends with the CRD.
      if (!(error instanceof KthenaError)) throw error;
    }
  };
  for (const crd of crds) void follow(crd);
  await pause(WATCH_START_MS);
  return { names, stop: () => watching.abort() };
}

function createdMeanwhile(unexpected: readonly CountedResource[], deleted: readonly string[]): KthenaError {
  return new KthenaError(
    'conflict',
    'resources were created while the others were being deleted; they are still there',
    {
      details: [
        ...unexpected.slice(0, 20).map(({ ref }) => formatRef(ref)),
        deleted.length === 0 ? 'no CRD was deleted' : `deleted CRDs: ${deleted.join(', ')}`,
      ],
      hint: 'Stop what creates them, then run the same command again.',
    },
  );
}
