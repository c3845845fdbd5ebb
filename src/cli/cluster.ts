import type { Emit } from '../events.js';
import type { KubeClient } from '../kube/client.js';
import type { RequestTrace } from '../kube/transport.js';
import { VERSION } from '../version.js';
import type { ClusterFlags } from './flags.js';

/** Connects as the flags say; the code for it is loaded here, since commands without a cluster never need it. */
export async function connect(flags: ClusterFlags, emit: Emit, signal: AbortSignal): Promise<KubeClient> {
  const [{ loadConnection }, { createClient }] = await Promise.all([
    import('../kube/kubeconfig.js'),
    import('../kube/http-client.js'),
  ]);
  const connection = await loadConnection({
    ...(flags.kubeconfig === undefined ? {} : { kubeconfig: flags.kubeconfig }),
    ...(flags.kubeContext === undefined ? {} : { context: flags.kubeContext }),
    ...(flags.kubeAsUser === undefined ? {} : { asUser: flags.kubeAsUser }),
    asGroups: flags.kubeAsGroup,
  });
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
