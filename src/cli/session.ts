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
      const client = await connect(flags, emit);
      try {
        return await work({ client, signal, emit, now: () => new Date() });
      } finally {
        client.close();
      }
    });
  } finally {
    progress.stop();
  }
}
