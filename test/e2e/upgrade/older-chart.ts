import type { KubeObject } from '../../../src/kube/object.js';
import { crdsOf } from '../../fixtures/crds/history.js';
import type { Chart } from './published-chart.js';

/** What only the older chart has: a component with its objects. */
export const REGISTRY = [
  'ConfigMap/kthena-system/kthena-registry-config',
  'Deployment/kthena-system/kthena-registry',
  'ClusterRole/kthena-registry',
];

/**
 * A chart of 0.4.0, made from that of 1.0.0: an older router, with fields that are gone since, in its Service too; a component more; older
 * CRDs. The Deployment of the controller-manager is the same but for its own labels.
 */
export function olderChart(published: Chart): Chart {
  const objects = structuredClone(published.objects).map(older);
  return {
    version: '0.4.0',
    defaults: { ...published.defaults, registry: { enabled: true } },
    objects: [...objects, ...registry()],
    crds: crdsOf('0.4'),
  };
}

function older(object: KubeObject): KubeObject {
  const { kind, metadata } = object;
  const labels = { ...metadata.labels, 'kthena.example/generation': 'old' };
  // A changed annotation of a Deployment counts as a new generation of it, though its pods stay.
  const annotations = kind === 'Deployment' ? {} : { 'kthena.example/note': 'old' };
  const result = {
    ...object,
    metadata: { ...metadata, labels, annotations: { ...metadata.annotations, ...annotations } },
  };
  if (metadata.name !== 'kthena-router') return result;
  if (kind === 'Deployment') olderRouter(result);
  if (kind === 'Service') olderService(result);
  return result;
}

interface Pod {
  containers: { image: string; args: string[]; env: object[]; [field: string]: unknown }[];
  [field: string]: unknown;
}

function olderRouter(deployment: KubeObject): void {
  const { template } = deployment['spec'] as { template: { metadata: KubeObject['metadata']; spec: Pod } };
  template.metadata.annotations = { 'kthena.example/scrape': 'true' };
  template.spec['hostAliases'] = [{ ip: '192.0.2.1', hostnames: ['registry.example'] }];
  const [container] = template.spec.containers;
  container!.image = container!.image.replace(/:.*/, ':v0.4.0');
  container!.args.push('--legacy');
  container!.env.unshift({ name: 'LEGACY', value: 'yes' });
  container!['workingDir'] = '/legacy';
  container!['lifecycle'] = { preStop: { exec: { command: ['sleep', '5'] } } };
}

function olderService(service: KubeObject): void {
  const spec = service['spec'] as { ports: object[]; [field: string]: unknown };
  spec.ports.push({ name: 'legacy', port: 8081, targetPort: 8081, nodePort: 30481 });
  spec['sessionAffinity'] = 'ClientIP';
  spec['loadBalancerSourceRanges'] = ['192.0.2.0/24'];
}

function registry(): KubeObject[] {
  const labels = { 'app.kubernetes.io/component': 'kthena-registry' };
  const metadata = { namespace: 'kthena-system', labels };
  const containers = [{ name: 'registry', image: 'ghcr.io/volcano-sh/kthena-registry:v0.4.0' }];
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }];
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...metadata, name: 'kthena-registry-config' },
      data: { a: 'b' },
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'kthena-registry', labels },
      rules,
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, name: 'kthena-registry' },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
    },
  ];
}

/** Whether an object has any of what only the older chart had. */
export function isOlder(object: KubeObject): boolean {
  return (
    object.kind !== 'CustomResourceDefinition' && /legacy|LEGACY|kthena\.example|registry/.test(JSON.stringify(object))
  );
}

/** A CRD that 1.0.0 no longer has is left as it is: resources may be stored that need it. */
export function isOfBoth({ metadata }: KubeObject): boolean {
  return metadata.name !== 'autoscalingpolicybindings.workload.serving.volcano.sh';
}
