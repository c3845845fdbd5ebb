import { setMaxListeners } from 'node:events';

/** `setTimeout` fires at once for more: 24 days stand for "as long as it takes". */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface Limits {
  timeoutMs: number;
  /** Aborting it ends the wait as `interrupted`. */
  signal: AbortSignal;
}

/**
 * Runs work that goes on in the background until it calls `end`, the time is up or `signal` aborts, whichever is first.
 * The work's own signal aborts at the end, whatever ended it. Rejects if `work` rejects before; that it resolves means
 * nothing.
 */
export async function untilEnd<Outcome extends string>(
  { timeoutMs, signal }: Limits,
  work: (end: (outcome: Outcome) => void, signal: AbortSignal) => Promise<void>,
): Promise<Outcome | 'timeout' | 'interrupted'> {
  if (signal.aborted) return 'interrupted';
  const stop = new AbortController();
  // Every watch listens to it; beyond ten Node would warn of a leak.
  setMaxListeners(0, stop.signal);
  const { promise, resolve, reject } = deferred<Outcome | 'timeout' | 'interrupted'>();
  const interrupt = () => resolve('interrupted');
  const timer = setTimeout(() => resolve('timeout'), Math.min(timeoutMs, MAX_TIMER_MS));
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    work(resolve, stop.signal).catch(reject);
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
    stop.abort();
  }
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

/** Resolves after `ms`, or at once when the signal aborts; never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
