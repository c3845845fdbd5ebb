import { KthenaError } from '../errors.js';
import type { KubeClient } from '../kube/client.js';
import { keyOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import { pause, untilEnd, type Limits } from './deadline.js';
import { statusOf } from './status.js';
import { watchTarget, watchTargets } from './watch-refs.js';

/** An object that is still there. */
export interface Remaining {
  ref: ObjectRef;
  /** What has to take its name off before the object can go. */
  finalizers: readonly string[];
  /** RFC 3339; undefined where nobody has asked to delete the object. */
  deletionTimestamp: string | undefined;
  /** One line: what holds it, as far as the object says. */
  message: string;
}

export interface GoneResult {
  outcome: 'gone' | 'timeout' | 'interrupted';
  /** Empty if `gone`. */
  remaining: Remaining[];
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

interface Left {
  ref: ObjectRef;
  /** Undefined until it is seen for the first time. */
  object: KubeObject | undefined;
}

/**
 * Waits until none of the objects exists any more; one that was deleted and made anew since counts as gone.
 * Does not delete anything. Throws what the client throws where an object may not be read or watched.
 */
export async function waitUntilGone(
  client: KubeClient,
  refs: readonly ObjectRef[],
  limits: Limits,
): Promise<GoneResult> {
  const left = new Map<string, Left>(refs.map((ref) => [keyOf(ref), { ref, object: undefined }]));
  const outcome = await untilEnd<'gone'>(limits, async (end, signal) => {
    const see = (ref: ObjectRef, object: KubeObject | undefined) => {
      const entry = left.get(keyOf(ref));
      if (signal.aborted || entry === undefined) return;
      if (isSame(entry.object, object)) entry.object = object;
      else left.delete(keyOf(ref));
      if (left.size === 0) end('gone');
    };
    if (left.size === 0) return end('gone');
    await readLeft(client, left, see);
    if (left.size === 0) return;
    const targets = watchTargets([...left.values()].map(({ ref }) => ref));
    const watches = targets.map((target) => watchTarget(client, target, signal, see).catch(ignoreUnserved));
    await Promise.all([readAgain(client, left, signal, see), ...watches]);
  });
  return { outcome, remaining: [...left.values()].map(({ ref, object }) => remainingOf(ref, object)) };
}

type See = (ref: ObjectRef, object: KubeObject | undefined) => void;

/** Most deletions are done before anybody waits for them: then there is nothing to watch. */
async function readLeft(client: KubeClient, left: ReadonlyMap<string, Left>, see: See): Promise<void> {
  await Promise.all([...left.values()].map(async ({ ref }) => see(ref, await client.get(ref))));
}

/** For what goes between the first reading and the start of the watch: of that the watch does not tell. */
async function readAgain(
  client: KubeClient,
  left: ReadonlyMap<string, Left>,
  signal: AbortSignal,
  see: See,
): Promise<void> {
  for (let ms = FIRST_PAUSE_MS; !signal.aborted; ms = Math.min(ms * 2, LONGEST_PAUSE_MS)) {
    await pause(ms, signal);
    if (!signal.aborted) await readLeft(client, left, see);
  }
}

/** The kind itself went, and its objects with it: reading again finds that out. */
function ignoreUnserved(error: unknown): void {
  if (!(error instanceof KthenaError) || error.code !== 'not-found') throw error;
}

/** False where the object is gone, or another one has its name. */
function isSame(before: KubeObject | undefined, now: KubeObject | undefined): boolean {
  return now !== undefined && (before === undefined || before.metadata.uid === now.metadata.uid);
}

function remainingOf(ref: ObjectRef, object: KubeObject | undefined): Remaining {
  const { finalizers = [], deletionTimestamp } = object?.metadata ?? {};
  const message =
    object === undefined
      ? 'not read yet'
      : deletionTimestamp === undefined
        ? 'nobody has deleted it'
        : statusOf(object).message;
  return { ref, finalizers, deletionTimestamp, message };
}
