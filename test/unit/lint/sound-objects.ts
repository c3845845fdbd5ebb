import type { KubeObject } from '../../../src/kube/object.js';

/** Loosely typed so that a test can break any field of it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = any;

const metadata = { name: 'web', namespace: 'default', labels: { app: 'web' } };

export const DEPLOYMENT: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata,
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web', tier: 'front' } },
      spec: {
        serviceAccountName: 'web',
        initContainers: [{ name: 'setup', image: 'example.com/setup@sha256:' + 'ab'.repeat(32) }],
        containers: [
          {
            name: 'web',
            image: 'example.com:5000/team/web:v1.0.0',
            imagePullPolicy: 'IfNotPresent',
            args: ['--port=8080'],
            ports: [
              { name: 'http', containerPort: 8080 },
              { name: 'dns', containerPort: 8080, protocol: 'UDP' },
            ],
            env: [
              { name: 'MODE', value: 'fast' },
              { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
              { name: 'APP', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
              { name: 'KEY', valueFrom: { secretKeyRef: { name: 'web', key: 'access.key', optional: true } } },
            ],
            resources: { limits: { cpu: 1, memory: '512Mi' }, requests: { cpu: '500m', memory: '0.5Gi' } },
            livenessProbe: { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 5 },
            readinessProbe: { tcpSocket: { port: 8080 } },
            volumeMounts: [
              { name: 'config', mountPath: '/etc/config' },
              { name: 'certs', mountPath: '/etc/tls', readOnly: true },
            ],
          },
        ],
        volumes: [
          { name: 'config', configMap: { name: 'web' } },
          { name: 'certs', secret: { secretName: 'web-certs', optional: true } },
        ],
      },
    },
  },
};

export const SERVICE: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata,
  spec: {
    type: 'ClusterIP',
    selector: { app: 'web' },
    ports: [
      { name: 'http', port: 80, targetPort: 'http' },
      { name: 'https', port: 443, targetPort: 8443 },
    ],
  },
};

export const SECRET: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata,
  type: 'Opaque',
  data: { 'access.key': 'c2VjcmV0' },
  stringData: { TOKEN: 'open sesame' },
};

export const CONFIG_MAP: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'web.yaml': 'a: 1\n' } };

export const NAMESPACE: KubeObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'web', labels: { team: 'web' } },
};

export const CLUSTER_ROLE: KubeObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'web:reader' },
  rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }],
};

export const CLUSTER_ROLE_BINDING: KubeObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'web:reader' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'web:reader' },
  subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'default' }],
};

export const WEBHOOKS: KubeObject = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'web' },
  webhooks: [
    {
      name: 'check.web.example.com',
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      failurePolicy: 'Fail',
      timeoutSeconds: 10,
      clientConfig: { service: { name: 'web', namespace: 'default', path: '/check', port: 443 } },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], scope: '*' }],
    },
  ],
};

export const BUDGET: KubeObject = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata,
  spec: { minAvailable: '50%', selector: { matchLabels: { app: 'web' } } },
};

export const DEFINITION: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'webs.example.com' },
  spec: {
    group: 'example.com',
    names: { kind: 'Web', listKind: 'WebList', plural: 'webs', singular: 'web' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  sites: { type: 'array', items: { type: 'string', default: 'one', enum: ['one', 'two'] } },
                  extra: { type: 'object', additionalProperties: { type: 'integer' } },
                  'x-kubernetes-any': { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                },
              },
            },
          },
        },
      },
    ],
  },
};

export const ISSUER: KubeObject = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'Issuer',
  metadata,
  spec: { ca: { secretName: 'ca' } },
};

export const CERTIFICATE: KubeObject = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  metadata,
  spec: {
    secretName: 'web-certs',
    dnsNames: ['web.default.svc'],
    duration: '2160h',
    issuerRef: { kind: 'Issuer', name: 'web' },
    privateKey: { algorithm: 'ECDSA', size: 256 },
    usages: ['server auth'],
  },
};

export const SOUND_OBJECTS = [
  DEPLOYMENT,
  SERVICE,
  SECRET,
  CONFIG_MAP,
  NAMESPACE,
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  WEBHOOKS,
  BUDGET,
  DEFINITION,
  ISSUER,
  CERTIFICATE,
];
