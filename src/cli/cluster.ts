import type { Emit } from '../events.js';
import type { KubeClient } from '../kube/client.js';
import type { ConnectionOptions } from '../kube/kubeconfig.js';
import type { RequestTrace } from '../kube/transport.js';
import { VERSION } from '../version.js';
import type { ClusterFlags } from './flags.js';

/** What the flags say about where the API server is, and whom to be there. */
export function connectionOptionsOf(flags: Omit<ClusterFlags, 'debug'>): ConnectionOptions {
  return {
    kubeconfig: flags.kubeconfig,
    context: flags.kubeContext,
    asUser: flags.kubeAsUser,
    asGroups: flags.kubeAsGroup,
    server: flags.kubeApiserver,
    token: flags.kubeToken,
    caFile: flags.kubeCaFile,
  };
}

/** Connects as the flags say; the code for it is loaded here, since commands without a cluster never need it. */
export async function connect(flags: ClusterFlags, emit: Emit, signal: AbortSignal): Promise<KubeClient> {
  const [{ loadConnection }, { createClient }] = await Promise.all([
    import('../kube/kubeconfig.js'),
    import('../kube/http-client.js'),
  ]);
  const connection = await loadConnection(connectionOptionsOf(flags));
  return createClient(connection, {
    userAgent: `kthena/${VERSION}`,
    signal,
    onWarning: (text, subject) => emit({ type: 'warning', message: `${subject}: ${text}` }),
    ...(flags.debug
      ? {
          onRequest: ({ method, path, status, ms }: RequestTrace) =>
            emit({ type: 'request', line: `${method} ${path} → ${status ?? 'no answer'} (${Math.round(ms)} ms)` }),
        }
      : {}),
  });
}
