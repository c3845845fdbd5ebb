import type { KubeObject } from '../../kube/object.js';

/** A resource to try the webhooks of its kind with. */
export interface Sample {
  group: string;
  version: string;
  plural: string;
  kind: string;
  /** The least that the CRD and the webhooks of Kthena accept. */
  spec: Record<string, unknown>;
}

/** Nothing is stored of a dry run, so that it need not be free: a resource of this name is found only after all webhooks were asked. */
const NAME = 'kthena-check';
/** Never pulled. */
const IMAGE = 'registry.example/kthena-check:v1';

const WORKLOAD = { group: 'workload.serving.volcano.sh', version: 'v1alpha1' };
const NETWORKING = { group: 'networking.serving.volcano.sh', version: 'v1alpha1' };

export const SAMPLES: readonly Sample[] = [
  {
    ...WORKLOAD,
    plural: 'modelservings',
    kind: 'ModelServing',
    spec: {
      replicas: 1,
      template: {
        roles: [
          {
            name: 'check',
            replicas: 1,
            workerReplicas: 0,
            entryTemplate: { spec: { containers: [{ name: 'check', image: IMAGE }] } },
          },
        ],
      },
    },
  },
  {
    ...WORKLOAD,
    plural: 'modelboosters',
    kind: 'ModelBooster',
    spec: {
      backend: {
        name: 'check',
        type: 'vLLM',
        modelURI: 'hf://example/check',
        replicas: 1,
        workers: [{ type: 'server', image: IMAGE, replicas: 1, pods: 1 }],
      },
    },
  },
  {
    ...WORKLOAD,
    plural: 'autoscalingpolicies',
    kind: 'AutoscalingPolicy',
    spec: {
      metrics: [{ name: 'check', targetValue: '1' }],
      homogeneousTarget: {
        target: { targetRef: { kind: 'ModelServing', name: NAME } },
        minReplicas: 1,
        maxReplicas: 1,
      },
    },
  },
  {
    ...NETWORKING,
    plural: 'modelroutes',
    kind: 'ModelRoute',
    spec: { modelName: NAME, rules: [{ targetModels: [{ modelServerName: NAME }] }] },
  },
  {
    ...NETWORKING,
    plural: 'modelservers',
    kind: 'ModelServer',
    spec: { inferenceEngine: 'vLLM', workloadSelector: { matchLabels: { app: NAME } } },
  },
];

/** The sample as an object of a namespace. */
export function sampleObject({ group, version, kind, spec }: Sample, namespace: string): KubeObject {
  return { apiVersion: `${group}/${version}`, kind, metadata: { name: NAME, namespace }, spec };
}
