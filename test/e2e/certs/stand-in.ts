import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../../src/kube/object.js';
import type { ControlPlane } from '../../cluster/index.mjs';
import { answer, type Call } from './admission-server.js';

/** A pod of a component, from its start. */
export interface Start {
  pod: string;
  component: string;
  /** False where the pod began without its files: the real component gives up after 30 s, and crash-loops. */
  foundSecret: boolean;
  /** True where it cannot serve with what it found: the real component ends, and crash-loops. */
  crashed: boolean;
}

/** What stands in for the components of a release. */
export interface StandIn {
  calls: Call[];
  starts: Start[];
  /** Ends everything; throws what went wrong meanwhile. */
  close(): Promise<void>;
}

type Pod = KubeObject & {
  spec: {
    containers: { args?: string[] }[];
    volumes?: { name: string; secret?: { secretName: string } }[];
  };
  status: { phase?: string; podIP?: string; conditions?: { type: string }[]; containerStatuses?: object[] };
};

interface Running {
  /** Ends when the pod does. */
  ended: AbortController;
  /** Resolves when the server is closed. */
  life: Promise<void>;
}

const SELECTOR = 'app.kubernetes.io/component in (kthena-router,kthena-controller-manager)';

/**
 * Stands in for both components in a namespace, as they behave in a pod: each pod reads its Secret (by the API, in place of the
 * mounted volume) once, when it starts; serves the webhooks with it on its own address; is ready from then on; and serves that
 * certificate until it ends, whatever becomes of the Secret.
 */
export function standIn(cluster: ControlPlane, namespace: string): StandIn {
  const calls: Call[] = [];
  const starts: Start[] = [];
  const running = new Map<string, Running>();
  const closing = new AbortController();
  const begin = (pod: Pod): Running => {
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, closing.signal]);
    const life = serve(cluster, pod, signal, { calls, starts });
    life.catch(() => undefined); // told by close()
    return { ended, life };
  };
  const watch = async (): Promise<void> => {
    for (; !closing.signal.aborted; await sleep(POLL)) {
      const pods = await podsOf(cluster, namespace);
      for (const [uid, { ended }] of running) if (!pods.has(uid)) ended.abort();
      for (const [uid, pod] of pods) if (!running.has(uid)) running.set(uid, begin(pod));
    }
  };
  const watching = watch();
  watching.catch(() => undefined); // told by close()
  const close = async (): Promise<void> => {
    closing.abort();
    await Promise.all([watching, ...[...running.values()].map(({ life }) => life)]);
  };
  return { calls, starts, close };
}

const POLL = 25;
/** As long as a component that is being stopped goes on answering: the API server hears of its end a little later. */
const DRAIN = 1_000;

async function podsOf(cluster: ControlPlane, namespace: string): Promise<Map<string, Pod>> {
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(SELECTOR)}`;
  const { body } = (await cluster.request('GET', path)) as { body: { items: Pod[] } };
  const runs = body.items.filter(({ status }) => status.phase === 'Running' && status.podIP !== undefined);
  return new Map(runs.map((pod) => [pod.metadata.uid!, pod]));
}

/** The life of one pod. */
async function serve(
  cluster: ControlPlane,
  pod: Pod,
  ended: AbortSignal,
  { calls, starts }: Pick<StandIn, 'calls' | 'starts'>,
): Promise<void> {
  const { name, labels } = pod.metadata;
  const secretName = pod.spec.volumes?.find((volume) => volume.name === 'webhook-certs')?.secret?.secretName;
  if (secretName === undefined) return markReady(cluster, pod);
  const path = `/api/v1/namespaces/${pod.metadata.namespace!}/secrets/${secretName}`;
  let files = await filesOf(cluster, path);
  const component = labels?.['app.kubernetes.io/component'] ?? '';
  const start = { pod: name, component, foundSecret: files !== undefined, crashed: false };
  starts.push(start);
  for (; files === undefined; files = await filesOf(cluster, path)) {
    if (ended.aborted) return;
    await sleep(POLL);
  }
  const { fingerprint256: fingerprint } = new X509Certificate(files.cert);
  const server = createServer((request, response) => {
    answer(request, response, { pod: name, fingerprint }, (call) => calls.push(call)).catch(() => response.destroy());
  });
  try {
    server.setSecureContext(files);
  } catch {
    start.crashed = true;
    return;
  }
  // A server that listens nowhere does not know its connections.
  const connections = new Set<Socket>();
  const leave = cluster.pods!.listen(pod.status.podIP!, portOf(pod), (connection) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
    server.emit('connection', connection);
  });
  await markReady(cluster, pod);
  if (!ended.aborted) await once(ended, 'abort');
  await sleep(DRAIN);
  leave();
  for (const connection of connections) connection.destroy();
}

/** The files of the mounted Secret; undefined until a component could serve with them. */
async function filesOf(cluster: ControlPlane, path: string): Promise<{ cert: string; key: string } | undefined> {
  const { body } = (await cluster.request('GET', path)) as { body: { data?: Record<string, string> } };
  const read = (key: string): string => Buffer.from(body.data?.[key] ?? '', 'base64').toString('utf8');
  const [cert, key, ca] = [read('tls.crt'), read('tls.key'), read('ca.crt')];
  return cert === '' || key === '' || ca === '' ? undefined : { cert, key };
}

/** The controller manager's port is fixed. */
function portOf({ spec }: Pod): number {
  const flag = spec.containers[0]?.args?.find((arg) => arg.startsWith('--webhook-port='));
  return flag === undefined ? 8443 : Number(flag.split('=')[1]);
}

/** As the kubelet does once the readiness probe succeeds. */
async function markReady(cluster: ControlPlane, { metadata, status }: Pod): Promise<void> {
  const isReady = (type: string): boolean => type === 'Ready' || type === 'ContainersReady';
  const lastTransitionTime = new Date().toISOString();
  await cluster.request('PATCH', `/api/v1/namespaces/${metadata.namespace!}/pods/${metadata.name}/status`, {
    status: {
      conditions: (status.conditions ?? []).map((condition) =>
        isReady(condition.type) ? { type: condition.type, status: 'True', lastTransitionTime } : condition,
      ),
      containerStatuses: (status.containerStatuses ?? []).map((container) => ({ ...container, ready: true })),
    },
  });
}
