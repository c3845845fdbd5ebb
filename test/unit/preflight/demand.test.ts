import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { countDemand, describeExcess, excesses, podDemand } from '../../../src/preflight/namespace/demand.js';

const quota = (hard: Record<string, string>, used?: Record<string, string>, spec = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'quota', namespace: 'team' },
  spec: { hard, ...spec },
  ...(used === undefined ? {} : { status: { hard, used } }),
});

interface Container {
  cpu: string;
  restartPolicy?: string;
}

function pod(containers: Container[], initContainers: Container[] = []): KubeObject {
  const withResources = ({ cpu, restartPolicy }: Container) => ({
    resources: { requests: { cpu }, limits: { cpu, memory: '64Mi' } },
    ...(restartPolicy === undefined ? {} : { restartPolicy }),
  });
  const spec = { containers: containers.map(withResources), initContainers: initContainers.map(withResources) };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod' }, spec };
}

const exceeded = (pods: Parameters<typeof podDemand>[0], hard: Record<string, string>, used?: Record<string, string>) =>
  excesses(podDemand(pods), [quota(hard, used)]).map(describeExcess);

describe('what pods take of a quota', () => {
  const pods = [{ pod: pod([{ cpu: '100m' }, { cpu: '0.4' }]), count: 3 }];

  it('is the sum over containers and replicas', () => {
    expect(exceeded(pods, { 'requests.cpu': '1500m', cpu: '1.5', pods: '3', 'limits.memory': '384Mi' })).toEqual([]);
    expect(
      exceeded(pods, { 'requests.cpu': '1.4', cpu: '1499m', 'count/pods': '2', 'limits.memory': '300Mi' }),
    ).toEqual([
      'requests.cpu: 1500m more needed, 0 of 1.4 used',
      'cpu: 1500m more needed, 0 of 1499m used',
      'count/pods: 3 more needed, 0 of 2 used',
      'limits.memory: 384Mi more needed, 0 of 300Mi used',
    ]);
  });

  it('comes to what is used', () => {
    expect(exceeded(pods, { pods: '10' }, { pods: '7' })).toEqual([]);
    expect(exceeded(pods, { pods: '10' }, { pods: '8' })).toEqual(['pods: 3 more needed, 8 of 10 used']);
  });

  it('counts init containers only where they take more, and sidecars with the others', () => {
    const init = (...containers: Container[]) => [{ pod: pod([{ cpu: '1' }], containers), count: 1 }];
    expect(exceeded(init({ cpu: '900m' }), { cpu: '1' })).toEqual([]);
    expect(exceeded(init({ cpu: '2' }), { cpu: '1' })).toEqual(['cpu: 2 more needed, 0 of 1 used']);
    expect(exceeded(init({ cpu: '1', restartPolicy: 'Always' }), { cpu: '1' })).toEqual([
      'cpu: 2 more needed, 0 of 1 used',
    ]);
  });

  it('is nothing to a quota that is for some pods only, or full of other things', () => {
    expect(excesses(podDemand(pods), [quota({ pods: '0' }, {}, { scopes: ['BestEffort'] })])).toEqual([]);
    expect(excesses(podDemand(pods), [quota({ pods: '0' }, {}, { scopeSelector: {} })])).toEqual([]);
    expect(exceeded(pods, { services: '0' }, { services: '5' })).toEqual([]);
  });
});

describe('what objects take of a quota', () => {
  const service = (spec: Record<string, unknown>) => ({
    object: { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [{}, {}], ...spec } },
    plural: 'services',
  });

  it('is their number by kind and group', () => {
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' } };
    expect([...countDemand([{ object: deployment, plural: 'deployments' }]).keys()]).toEqual([
      'count/deployments.apps',
    ]);
  });

  it.each([
    [{ type: 'ClusterIP' }, undefined, undefined],
    [{ type: 'NodePort' }, undefined, 2_000_000_000n],
    [{ type: 'LoadBalancer' }, 1_000_000_000n, 2_000_000_000n],
    [{ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }, 1_000_000_000n, undefined],
  ])('of a Service %j: load balancers %s, node ports %s', (spec, balancers, nodePorts) => {
    const demand = countDemand([service(spec)]);
    expect(demand.get('services')).toBe(1_000_000_000n);
    expect(demand.get('services.loadbalancers')).toBe(balancers);
    expect(demand.get('services.nodeports')).toBe(nodePorts);
  });
});
