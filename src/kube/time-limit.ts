/**
 * Gives work a signal that aborts after a time, or when `signal` does. `AbortSignal.timeout` is no good for that: combined with
 * another signal, as the transport does, it is collected as garbage in Node.js 20, and never aborts.
 */
export async function withTimeLimit<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), ms);
  try {
    return await work(signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]));
  } finally {
    clearTimeout(timer);
  }
}
