import type { KubeObject, OwnerReference } from '../../../src/kube/object.js';
import { NASTY_TEXTS } from '../../unit/backup/samples.js';

const WORKLOAD = 'workload.serving.volcano.sh/v1alpha1';
const NETWORKING = 'networking.serving.volcano.sh/v1alpha1';
/** JSON on its way to the API server has no lone surrogates. */
export const TEXTS = NASTY_TEXTS.filter((text) => !text.includes('\ud800'));

const CONDITION = {
  type: 'Ready',
  status: 'True',
  reason: 'AllReady',
  lastTransitionTime: '2026-01-01T00:00:00Z',
};

interface Parts {
  metadata?: object;
  status?: object;
  spec?: object;
}

function resource(apiVersion: string, kind: string, name: string, spec: object, parts: Parts): KubeObject {
  const { metadata, status, spec: more } = parts;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: 'models', ...metadata },
    spec: { ...spec, ...more },
    ...(status === undefined ? {} : { status }),
  };
}

export function modelRoute(name: string, parts: Parts = {}): KubeObject {
  const spec = { modelName: name, rules: [{ name: 'main', targetModels: [{ modelServerName: 'first' }] }] };
  return resource(NETWORKING, 'ModelRoute', name, spec, parts);
}

export function modelServer(name: string, parts: Parts = {}): KubeObject {
  const spec = {
    inferenceEngine: 'vLLM',
    workloadSelector: { matchLabels: { app: name } },
    workloadPort: { port: 8000 },
  };
  return resource(NETWORKING, 'ModelServer', name, spec, parts);
}

export function modelServing(name: string, parts: Parts = {}): KubeObject {
  const container = { name: 'engine', image: 'registry.example/engine:v1', args: ['--flag', 'yes', '0644'] };
  const role = { name: 'worker', workerReplicas: 0, entryTemplate: { spec: { containers: [container] } } };
  return resource(WORKLOAD, 'ModelServing', name, { template: { roles: [role] } }, parts);
}

export function modelBooster(name: string, parts: Parts & { config?: unknown } = {}): KubeObject {
  const worker = {
    type: 'server',
    image: 'registry.example/engine:v1',
    replicas: 1,
    pods: 1,
    config: parts.config ?? {},
  };
  const backend = { name: 'main', type: 'vLLM', modelURI: 'hf://some/model', replicas: 1, workers: [worker] };
  return resource(WORKLOAD, 'ModelBooster', name, { backend }, parts);
}

export function autoscalingPolicy(name: string, parts: Parts = {}): KubeObject {
  return resource(WORKLOAD, 'AutoscalingPolicy', name, { tolerancePercent: 7 }, parts);
}

/** Resources of all kinds in turn, with texts that are hard to write down, and a status where their kind keeps one. */
export function manyResources(count: number): KubeObject[] {
  return Array.from({ length: count }, (_, index) => sample(index));
}

function sample(index: number): KubeObject {
  const text = TEXTS[index % TEXTS.length]!;
  const name = `sample-${index}`;
  const metadata = {
    namespace: index % 4 === 0 ? 'others' : 'models',
    labels: {
      'app.kubernetes.io/name': 'sample',
      number: String(index),
      answer: ['yes', 'null', '0x1F', '1e3', ''][index % 5],
    },
    annotations: {
      note: text,
      'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify({ text, index })}\n`,
    },
  };
  const message = `${text} ${index}`;
  const status = index % 3 === 0 ? undefined : { conditions: [{ ...CONDITION, message }], observedGeneration: 1 };
  const parts = { metadata, ...(status && { status }) };
  switch (index % 5) {
    case 0:
      return modelBooster(name, { ...parts, config: configOf(index) });
    case 1:
      return modelServing(name, {
        ...parts,
        ...(status && { status: { ...status, replicas: 3, currentRevision: text } }),
      });
    case 2:
      return autoscalingPolicy(name, parts);
    case 3:
      return modelServer(name, { metadata });
    default:
      return modelRoute(name, { metadata, spec: { loraAdapters: [text, `a${text}`] } });
  }
}

/** What the schema lets through as it is. */
function configOf(index: number): unknown {
  const text = TEXTS[index % TEXTS.length]!;
  return {
    'max-model-len': 4096,
    [text]: text,
    nested: { list: [text, [1, 1.5, 1e21, -7, true, {}], [], { [text]: [text] }], 'gpu-memory-utilization': 0.95 },
  };
}

export function ownedBy(owner: KubeObject, controller = true): OwnerReference {
  const { apiVersion, kind, metadata } = owner;
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid!, controller };
}
