import type { Terminal } from './terminal.js';

/**
 * Runs work that Ctrl-C stops cleanly: the first SIGINT or SIGTERM aborts the signal, and the work ends at its next safe point;
 * the second ends the process at once.
 */
export async function interruptible<T>(terminal: Terminal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    terminal.stderr.write('\nStopping at the next safe point. Press Ctrl-C again to stop at once.\n');
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
