import type { KubeObject, Metadata } from '../../../src/kube/object.js';

export type JsonObject = Record<string, unknown>;

/** An object of which only what matters to a test is given. */
export function object(
  apiVersion: string,
  kind: string,
  fields: { metadata?: Partial<Metadata>; spec?: JsonObject; status?: JsonObject } & JsonObject = {},
): KubeObject {
  const { metadata, ...rest } = fields;
  return { apiVersion, kind, ...rest, metadata: { name: kind.toLowerCase(), namespace: 'kthena-system', ...metadata } };
}

export function condition(
  type: string,
  status: 'True' | 'False' | 'Unknown',
  reason?: string,
  message?: string,
): JsonObject {
  return { type, status, lastTransitionTime: '2025-06-01T10:00:00Z', reason, message };
}

/** A Deployment of two replicas, generation 3, in the middle of nothing in particular. */
export function deployment(status: JsonObject, spec: JsonObject = {}, metadata: Partial<Metadata> = {}): KubeObject {
  return object('apps/v1', 'Deployment', {
    metadata: { name: 'kthena-router', uid: 'deployment-1', generation: 3, ...metadata },
    spec: { replicas: 2, selector: { matchLabels: { app: 'router' } }, ...spec },
    status: { observedGeneration: 3, ...status },
  });
}

export const NEW_REPLICA_SET_AVAILABLE = condition(
  'Progressing',
  'True',
  'NewReplicaSetAvailable',
  'ReplicaSet "kthena-router-66c8b4b9d4" has successfully progressed.',
);

export function replicaSet(revision: number, status: JsonObject = {}, spec: JsonObject = {}): KubeObject {
  return object('apps/v1', 'ReplicaSet', {
    metadata: {
      name: `kthena-router-${revision}`,
      uid: `replicaset-${revision}`,
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name: 'kthena-router', uid: 'deployment-1', controller: true },
      ],
    },
    spec: { replicas: 2, ...spec },
    status,
  });
}

interface PodParts {
  metadata?: Partial<Metadata>;
  spec?: JsonObject;
  phase?: string;
  conditions?: JsonObject[];
  containerStatuses?: JsonObject[];
  initContainerStatuses?: JsonObject[];
  status?: JsonObject;
}

/** A pod of ReplicaSet 2, scheduled to node-1, not ready. */
export function pod({ metadata, spec, phase = 'Pending', conditions, status, ...statuses }: PodParts = {}): KubeObject {
  return object('v1', 'Pod', {
    metadata: {
      name: 'kthena-router-66c8b4b9d4-x7k2p',
      uid: 'pod-1',
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'kthena-router-2', uid: 'replicaset-2', controller: true },
      ],
      ...metadata,
    },
    spec: {
      nodeName: 'node-1',
      restartPolicy: 'Always',
      containers: [
        {
          name: 'router',
          image: 'ghcr.io/volcano-sh/kthena-router:v1.0.0',
          resources: { limits: { memory: '512Mi' } },
        },
      ],
      ...spec,
    },
    status: {
      phase,
      conditions: conditions ?? [
        condition('PodScheduled', 'True'),
        condition('Initialized', 'True'),
        condition('Ready', 'False', 'ContainersNotReady', 'containers with unready status: [router]'),
      ],
      ...statuses,
      ...status,
    },
  });
}

/** The status of container `router`. */
export function container(state: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    name: 'router',
    image: 'ghcr.io/volcano-sh/kthena-router:v1.0.0',
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    lastState: {},
    state,
    ...more,
  };
}

export const UNSCHEDULABLE =
  "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";

export function unschedulablePod(name = 'kthena-router-66c8b4b9d4-x7k2p'): KubeObject {
  return pod({
    metadata: { name, uid: `uid-of-${name}` },
    spec: { nodeName: undefined },
    conditions: [condition('PodScheduled', 'False', 'Unschedulable', UNSCHEDULABLE)],
  });
}

export const QUOTA =
  'pods "kthena-router-66c8b4b9d4-lkj4d" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=0, limited: pods=0';

export function event(reason: string, message: string, more: JsonObject = {}): KubeObject {
  return object('v1', 'Event', {
    metadata: { name: `${reason}.17e3` },
    type: 'Warning',
    reason,
    message,
    involvedObject: { kind: 'Pod', uid: 'pod-1' },
    lastTimestamp: '2025-06-01T10:00:00Z',
    ...more,
  });
}
