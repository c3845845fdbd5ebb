import type { ActionContext } from '../actions/context.js';
import type { Emit } from '../events.js';
import { connect } from './cluster.js';
import type { ClusterFlags } from './flags.js';
import { interruptible } from './interrupt.js';
import { openProgress, type Terminal } from './terminal.js';

/**
 * Runs an action against the cluster: connects, shows its progress, hands it Ctrl-C, and leaves the screen and the
 * connections clean whatever happens.
 */
export async function withCluster<T>(
  terminal: Terminal,
  flags: ClusterFlags,
  work: (context: ActionContext) => Promise<T>,
): Promise<T> {
  const progress = await openProgress(terminal);
  const emit: Emit = (event) => progress.emit(event);
  try {
    return await interruptible(terminal, async (signal) => {
      // Not Ctrl-C's signal: what is under way then is ended in order. This one ends what a failure left running.
      const requests = new AbortController();
      const client = await connect(flags, emit, requests.signal);
      try {
        return await work({ client, signal, emit, now: () => new Date() });
      } finally {
        requests.abort();
        client.close();
      }
    });
  } finally {
    progress.stop();
  }
}
