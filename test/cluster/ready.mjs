import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {import('./index.d.mts').Request} Request */

/**
 * Resolves once the API server says it is ready.
 *
 * @param {Request} request
 * @param {number} deadline  milliseconds since the epoch
 */
export function apiServerReady(request, deadline) {
  return until(deadline, 'the API server to be ready', async () => {
    const { status, body } = await request('GET', '/readyz?verbose');
    return status === 200 || firstLines(body);
  });
}

/**
 * Creates the nodes, which kwok then keeps alive.
 *
 * @param {Request} request
 * @param {number} count
 */
export async function createNodes(request, count) {
  const names = Array.from({ length: count }, (_, index) => `node-${index}`);
  await Promise.all(names.map((name) => created(request, '/api/v1/nodes', node(name))));
}

/**
 * Resolves once pods can run: the nodes are ready and no longer tainted, and the
 * controllers make service accounts.
 *
 * @param {Request} request
 * @param {number} deadline
 */
export async function podsCanRun(request, deadline) {
  await until(deadline, 'the nodes to be ready', async () => {
    const { body } = await request('GET', '/api/v1/nodes');
    return body.items.every(isUsable) || 'kwok or kube-controller-manager has not taken them up yet';
  });
  await serviceAccountReady(request, 'default', deadline);
}

/**
 * Resolves once the namespace has its service account, without which no pod is admitted.
 *
 * @param {Request} request
 * @param {string} namespace
 * @param {number} deadline
 */
export function serviceAccountReady(request, namespace, deadline) {
  return until(deadline, `the service account of namespace ${namespace}`, async () => {
    const { status } = await request('GET', `/api/v1/namespaces/${namespace}/serviceaccounts/default`);
    return status === 200 || `status ${status}`;
  });
}

/**
 * @param {Request} request
 * @param {string} path
 * @param {{ metadata: object }} object
 */
export async function created(request, path, object) {
  const { status, body } = await request('POST', path, object);
  if (status !== 201) throw new Error(`cannot create at ${path}: ${status} ${body.message ?? body}`);
}

/** @param {string} name */
function node(name) {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
  };
}

/** @param {{ spec: { taints?: object[] }, status: { conditions?: { type: string, status: string }[] } }} node */
function isUsable({ spec, status }) {
  const ready = status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  return ready && !spec.taints?.length;
}

/**
 * Tries until `attempt` gives true. What it gives or throws otherwise is told at the deadline.
 *
 * @param {number} deadline
 * @param {string} what
 * @param {() => Promise<true | string>} attempt
 */
async function until(deadline, what, attempt) {
  for (;;) {
    const outcome = await attempt().catch((error) => String(error));
    if (outcome === true) return;
    if (Date.now() > deadline) throw new Error(`gave up waiting for ${what}: ${outcome}`);
    await sleep(25);
  }
}

/** @param {unknown} body  of /readyz?verbose: the failed checks are marked [-] */
function firstLines(body) {
  const failed = String(body)
    .split('\n')
    .filter((line) => line.startsWith('[-]'));
  return failed.join(', ') || String(body).slice(0, 200);
}
