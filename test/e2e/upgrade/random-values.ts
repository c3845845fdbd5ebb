import { setOwn, type Value, type Values } from '../../../src/values/value.js';

/** A stream of numbers from 0 up to 1, the same for the same seed. */
export type Random = () => number;

/** Numbers that look random enough for tests (the generator mulberry32). */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const POD_CHOICES: Record<string, Value[]> = {
  replicas: [0, 2, 3, null],
  kubeAPIQPS: [50, 0.5],
  kubeAPIBurst: [100],
  resource: [
    null,
    { limits: { cpu: 2, memory: null } },
    { limits: { 'nvidia.com/gpu': 1 }, requests: { cpu: '0.25' } },
  ],
  'image.repository': ['registry.example.com/team/image'],
  'image.tag': ['v1.0.1', 'v1.1.0-rc.1'],
  'image.pullPolicy': ['Always', 'Never'],
  nodeSelector: [{ 'kubernetes.io/os': 'linux' }, { 'example.com/pool': 'a', 'kubernetes.io/arch': 'arm64' }],
  tolerations: [[{ key: 'dedicated', operator: 'Exists' }], [{ operator: 'Exists' }]],
  affinity: [
    { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: nodes() }] } },
  ],
  priorityClassName: ['system-cluster-critical'],
  podAnnotations: [{ 'prometheus.io/scrape': 'true' }, { 'prometheus.io/scrape': 'false', note: 'a: b' }],
  podLabels: [{ team: 'serving' }, { team: 'serving', 'example.com/stage': 'test' }],
  imagePullSecrets: [[{ name: 'registry' }], [{ name: 'mirror' }, { name: 'registry' }]],
  extraEnv: [
    [{ name: 'GOMEMLIMIT', value: '400MiB' }],
    [
      { name: 'GOGC', value: '50' },
      { name: 'GOMEMLIMIT', value: '300MiB' },
    ],
  ],
  securityContext: [{ readOnlyRootFilesystem: true }, { capabilities: { drop: ['ALL'] }, runAsUser: 1000 }],
  podDisruptionBudget: [
    { enabled: true, minAvailable: 1 },
    { enabled: true, maxUnavailable: '50%' },
  ],
};

const MANAGER_CHOICES: Record<string, Value[]> = {
  ...POD_CHOICES,
  'image.args': [['--v=4'], null, []],
  controllers: ['modelserving,autoscaler', ['modelserving']],
  debugPort: [6060],
  'webhook.enabled': [false],
  'webhook.tls.serviceName': ['manager-hook'],
  'webhook.tls.certSecretName': ['manager-hook-certs'],
  'downloaderImage.tag': ['v1.0.1'],
  downloader: [
    { accessKey: 'access', secretKey: 'keep-to-yourself' },
    { accessKey: 'another', secretKey: '' },
  ],
};

const ROUTER_CHOICES: Record<string, Value[]> = {
  ...POD_CHOICES,
  enabled: [false],
  port: [8081, 80],
  debugPort: [0, 15001],
  service: [
    { type: 'ClusterIP', annotations: { 'example.com/pool': 'public' } },
    { type: 'NodePort' },
    { annotations: { 'example.com/pool': 'private' } },
  ],
  tls: [{ enabled: true }, { enabled: true, dnsName: '', secretName: 'router-certs' }],
  webhook: [
    { enabled: false },
    { port: 9443, servicePort: 8443 },
    { tls: { serviceName: 'router-hook', secretName: 'router-hook-certs' } },
  ],
  drainTimeout: ['1m'],
  terminationGracePeriodSeconds: [600],
  accessLog: [{ enabled: false }, { format: 'json', output: '/var/log/router' }],
  gatewayAPI: [{ enabled: true }, { enabled: true, inferenceExtension: true }],
};

/** They exclude each other. */
const QUEUES: Values[] = [
  {},
  { fairness: { enabled: true, maxConcurrent: 64, inputTokenWeight: 0.5 } },
  { sessionBoost: { enabled: true, inflightPerPod: 0 } },
];

/**
 * Values that are valid and far from the defaults, of everything that makes a difference to objects.
 *
 * @param caBundle base64 of a certificate, for certificate mode `manual`
 */
export function randomValues(random: Random, caBundle: string): Values {
  const certificates: Values[] = [
    {},
    { certManagementMode: 'cert-manager' },
    { certManagementMode: 'manual', webhook: { caBundle } },
  ];
  const workload = random() < 0.8;
  return {
    global: {
      ...pick(random, certificates),
      ...(random() < 0.2 ? { imageRegistry: 'registry.example.com/mirror' } : {}),
    },
    workload: { enabled: workload, controllerManager: choose(random, MANAGER_CHOICES) },
    networking: {
      enabled: !workload || random() < 0.8,
      kthenaRouter: { ...choose(random, ROUTER_CHOICES), ...pick(random, QUEUES) },
    },
  };
}

function choose(random: Random, choices: Record<string, Value[]>): Values {
  const chosen: Values = {};
  for (const [path, values] of Object.entries(choices)) {
    if (random() < 0.25) setAt(chosen, path.split('.'), pick(random, values));
  }
  return chosen;
}

function setAt(values: Values, [key, ...rest]: string[], value: Value): void {
  if (rest.length === 0) return setOwn(values, key!, value);
  values[key!] ??= {};
  setAt(values[key!] as Values, rest, value);
}

function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)]!;
}

function nodes(): Values {
  return { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { team: 'serving' } } };
}
