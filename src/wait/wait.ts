import type { KubeClient } from '../kube/client.js';
import type { ObjectRef } from '../kube/object.js';
import { pause, untilEnd, type Limits } from './deadline.js';
import { explain } from './explain.js';
import { Observations, type Observation, type Remark } from './observations.js';
import { ReadinessWatch } from './readiness-watch.js';

/** The last look at what is not ready must not prolong the wait by more. */
const LAST_LOOK_MS = 5_000;

/** Told when an object's state, message or problems change. */
export type WaitProgress = Observation;

export interface WaitOptions extends Limits {
  onProgress(event: WaitProgress): void;
}

/**
 * `ready` all objects are; `timeout` the time is up; `failed` an object cannot become ready by itself, so waiting was
 * given up; `interrupted` the signal aborted.
 */
export type WaitOutcome = 'ready' | 'timeout' | 'failed' | 'interrupted';

export interface WaitResult {
  outcome: WaitOutcome;
  /** Each object that is not ready, with its problems; empty if `ready`. */
  notReady: Observation[];
  /** Of objects that are ready: nothing to fail for. */
  remarks: Remark[];
}

/**
 * Waits until all objects are ready at the same time, by watches that run in parallel; objects that do not exist yet
 * are waited for. Objects that do not become ready are no error: the result names them. Throws what the client throws
 * where an object may not be read or watched.
 */
export async function waitUntilReady(
  client: KubeClient,
  refs: readonly ObjectRef[],
  options: WaitOptions,
): Promise<WaitResult> {
  const observations = new Observations(refs);
  const outcome = await untilEnd<'ready' | 'failed'>(options, (onEnd, signal) => {
    const listener = { onProgress: options.onProgress, onEnd };
    return new ReadinessWatch(client, observations, listener, signal).run(refs);
  });
  if (outcome === 'timeout' || outcome === 'failed') await lookAgain(client, observations, options.signal);
  return {
    outcome,
    notReady: outcome === 'ready' ? [] : observations.notReady(),
    remarks: observations.remarks(),
  };
}

/** Explains what is not ready once more: the last explanation may lack what happened since, events above all. */
async function lookAgain(client: KubeClient, observations: Observations, signal: AbortSignal): Promise<void> {
  const enough = new AbortController();
  const looks = observations.notReady().map(async ({ ref }) => {
    const object = observations.object(ref);
    const problems = object === undefined ? [] : await explain(client, object);
    if (!enough.signal.aborted) observations.note(ref, problems);
  });
  await Promise.race([Promise.all(looks), pause(LAST_LOOK_MS, AbortSignal.any([signal, enough.signal]))]);
  enough.abort();
}
