import { createClient } from '../../../src/kube/http-client.js';
import { loadConnection } from '../../../src/kube/kubeconfig.js';
import { acquireLock } from '../../../src/lock/lock.js';

// A program of its own that takes a lock, says so, and then stays, or does nothing more and must end by itself.
const [kubeconfig, namespace, then] = process.argv.slice(2);
const client = createClient(await loadConnection({ kubeconfig: kubeconfig! }), { userAgent: 'kthena/test' });
const request = { release: { name: 'kthena', namespace: namespace! }, operation: 'upgrade' };
await acquireLock(client, request, { now: () => new Date(), emit: () => undefined });
process.stdout.write('held\n');
if (then === 'stay') setInterval(() => undefined, 1000);
client.close();
