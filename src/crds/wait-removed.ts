import { setTimeout as pause } from 'node:timers/promises';
import { KthenaError } from '../errors.js';
import type { Emit } from '../events.js';
import type { KubeClient } from '../kube/client.js';
import { formatRef, refOf, type KubeObject } from '../kube/object.js';
import { statusOf } from '../wait/status.js';
import type { CountedResource } from './census.js';
import { groupsOf, resourceQuery } from './crd.js';
import { deadWebhooks } from './webhooks.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** What is still there by then is held by something, and not just on its way. */
const HELD_AFTER_MS = 5_000;
/** How many resources are named. */
const NAMED = 20;

export const NO_CRD_DELETED = 'No CRD was deleted. Once the cause is mended, run the same command again to go on.';

/**
 * Waits until none of these very resources exists any more. It lists their kinds: that is less work for the API server than a question
 * for each resource. What holds some of them is told soon, and not only once the time is over.
 *
 * @throws KthenaError `failed` naming what does not go and what holds it; `interrupted`
 */
export async function waitUntilRemoved(
  client: KubeClient,
  crds: readonly KubeObject[],
  resources: readonly CountedResource[],
  { timeoutMs, signal, emit }: { timeoutMs: number; signal: AbortSignal; emit: Emit },
): Promise<void> {
  const uids = new Set(resources.map(({ uid }) => uid));
  const start = Date.now();
  let told = false;
  for (let ms = FIRST_PAUSE_MS; ; ms = Math.min(2 * ms, LONGEST_PAUSE_MS)) {
    const left = await stillThere(client, crds, uids);
    if (left.length === 0) return;
    if (signal.aborted) {
      throw new KthenaError('interrupted', 'stopped while resources were being deleted', { hint: NO_CRD_DELETED });
    }
    const passed = Date.now() - start;
    if (passed >= timeoutMs) throw await stuck(client, crds, left, timeoutMs);
    if (passed >= HELD_AFTER_MS && !told) {
      told = true;
      for (const message of await whatHolds(client, crds, left)) emit({ type: 'warning', message });
    }
    await pause(Math.min(ms, timeoutMs - passed), undefined, { signal }).catch(() => undefined);
  }
}

/** A line for each resource that was deleted and is still there. */
async function stillThere(
  client: KubeClient,
  crds: readonly KubeObject[],
  uids: ReadonlySet<string>,
): Promise<string[]> {
  const left: string[] = [];
  for (const crd of crds) {
    for await (const object of client.list(resourceQuery(crd))) {
      if (uids.has(object.metadata.uid!)) left.push(`${formatRef(refOf(object))}: ${statusOf(object).message}`);
    }
  }
  return left;
}

async function stuck(
  client: KubeClient,
  crds: readonly KubeObject[],
  left: readonly string[],
  timeoutMs: number,
): Promise<KthenaError> {
  const count = left.length === 1 ? 'a resource is' : `${left.length} resources are`;
  return new KthenaError('failed', `${count} still there after ${timeoutMs / 1000} s`, {
    details: await whatHolds(client, crds, left),
    hint: NO_CRD_DELETED,
  });
}

async function whatHolds(client: KubeClient, crds: readonly KubeObject[], left: readonly string[]): Promise<string[]> {
  return [
    ...left.slice(0, NAMED),
    ...(left.length > NAMED ? [`and ${left.length - NAMED} more`] : []),
    ...(await deadWebhooks(client, groupsOf(crds))),
  ];
}
