import { KthenaError } from '../errors.js';
import type { KubeClient } from '../kube/client.js';
import { formatRef, refOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import type { Observation } from '../wait/observations.js';
import { waitUntilServed } from '../wait/crds.js';
import { isReadyOnceItExists } from '../wait/status.js';
import { waitUntilReady, type WaitOutcome } from '../wait/wait.js';
import type { ActionContext } from './context.js';

/**
 * Waits until what was applied is ready.
 *
 * @returns remarks on objects that are ready, such as a load balancer without an address
 * @throws KthenaError `timeout` or `failed` naming each object that is not ready and why; `interrupted`
 */
export async function awaitReadiness(
  client: KubeClient,
  objects: readonly KubeObject[],
  timeoutMs: number,
  context: Pick<ActionContext, 'signal' | 'emit'>,
): Promise<string[]> {
  const refs = objects.filter((object) => !isReadyOnceItExists(object)).map(refOf);
  return awaitReady(client, refs, timeoutMs, context);
}

/** As `awaitReadiness`, of objects that are known to become ready by and by. */
export async function awaitReady(
  client: KubeClient,
  refs: readonly ObjectRef[],
  timeoutMs: number,
  { signal, emit }: Pick<ActionContext, 'signal' | 'emit'>,
): Promise<string[]> {
  emit({ type: 'step', message: `Waiting for ${refs.length} objects to be ready` });
  const { outcome, notReady, remarks } = await waitUntilReady(client, refs, {
    timeoutMs,
    signal,
    onProgress: ({ ref, status, problems }) =>
      emit({
        type: 'readiness',
        ref,
        ready: status.state === 'ready',
        message: problems[0] === undefined ? status.message : `${problems[0].reason}: ${problems[0].message}`,
      }),
  });
  if (outcome !== 'ready') throw notReadyError(outcome, notReady, timeoutMs);
  return remarks.map(({ ref, remark }) => `${formatRef(ref)}: ${remark}`);
}

/**
 * Waits until applied CRDs are established and the server answers for their kinds.
 *
 * @throws as `awaitReadiness`
 */
export async function awaitServed(
  client: KubeClient,
  crds: readonly KubeObject[],
  timeoutMs: number,
  { signal }: Pick<ActionContext, 'signal'>,
): Promise<void> {
  if (crds.length === 0) return;
  const { outcome, notReady } = await waitUntilServed(client, crds, { timeoutMs, signal });
  if (outcome !== 'ready') throw notReadyError(outcome, notReady, timeoutMs);
}

function notReadyError(
  outcome: Exclude<WaitOutcome, 'ready'>,
  notReady: readonly Observation[],
  timeoutMs: number,
): KthenaError {
  const details = notReady.flatMap(describeNotReady);
  switch (outcome) {
    case 'interrupted':
      return new KthenaError('interrupted', 'stopped while waiting for the objects to be ready', { details });
    case 'failed':
      return new KthenaError('failed', 'some objects cannot become ready by themselves', { details });
    case 'timeout':
      return new KthenaError('timeout', `not everything is ready after ${timeoutMs / 1000} s`, { details });
  }
}

/** `Kind/namespace/name: state`, and a line for each known cause. */
function describeNotReady({ ref, status, problems }: Observation): string[] {
  return [`${formatRef(ref)}: ${status.message}`, ...problems.map(({ reason, message }) => `  ${reason}: ${message}`)];
}
