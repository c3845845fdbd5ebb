import { acquireLock, type LockRequest } from '../lock/lock.js';
import type { ActionContext } from './context.js';

/**
 * Does work on a release as the only run that changes it.
 *
 * @param work its context's signal also aborts where the lock is lost
 * @throws KthenaError `conflict` naming the run that has the lock
 */
export async function withLock<T>(
  request: LockRequest,
  context: ActionContext,
  work: (context: ActionContext) => Promise<T>,
): Promise<T> {
  const lock = await acquireLock(context.client, request, context);
  try {
    return await work({ ...context, signal: AbortSignal.any([context.signal, lock.signal]) });
  } finally {
    await lock.release();
  }
}
