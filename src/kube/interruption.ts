import { KthenaError } from '../errors.js';

/** The error to throw for an aborted signal: its reason where that is fit for the user, `interrupted` otherwise. */
export function interruption(signal: AbortSignal): KthenaError {
  return signal.reason instanceof KthenaError
    ? signal.reason
    : new KthenaError('interrupted', 'Stopped before the work was done.', { cause: signal.reason });
}
