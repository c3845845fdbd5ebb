import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KubeClient } from '../../../src/kube/client.js';
import { refOf, type KubeObject } from '../../../src/kube/object.js';
import type { RequestTrace } from '../../../src/kube/transport.js';
import { all, clientOf, configMap, iterate, sharedCluster } from './setup.js';

const cluster = sharedCluster();
const traces: RequestTrace[] = [];
let client: KubeClient;

beforeAll(async () => {
  client = await clientOf(cluster, { onRequest: (trace) => traces.push(trace), watchTiming: { pauseMs: 20 } });
});

afterAll(() => client.close());

const GADGETS: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gadgets.discovery.kthena.test' },
  spec: {
    group: 'discovery.kthena.test',
    names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', listKind: 'GadgetList' },
    scope: 'Cluster',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
const GADGET = { apiVersion: 'discovery.kthena.test/v1', kind: 'Gadget', metadata: { name: 'one' } };

it('asks nothing about the kinds of Kubernetes, which are where it thinks they are', async () => {
  const namespace = await cluster.newNamespace('kube-discovery');
  traces.length = 0;
  await client.apply(configMap(namespace, 'a'), { fieldManager: 'test' });
  expect(traces.map(({ method }) => method)).toEqual(['PATCH']);
  for (const [apiVersion, kind] of [
    ['apps/v1', 'Deployment'],
    ['batch/v1', 'Job'],
    ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
    ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
    ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
    ['autoscaling/v2', 'HorizontalPodAutoscaler'],
    ['coordination.k8s.io/v1', 'Lease'],
    ['discovery.k8s.io/v1', 'EndpointSlice'],
    ['networking.k8s.io/v1', 'Ingress'],
    ['policy/v1', 'PodDisruptionBudget'],
    ['scheduling.k8s.io/v1', 'PriorityClass'],
    ['storage.k8s.io/v1', 'StorageClass'],
    ['v1', 'PersistentVolume'],
    ['v1', 'ServiceAccount'],
  ] as const) {
    const { plural, namespaced } = (await client.resource(apiVersion, kind))!;
    const group = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
    const answer = (await client.read(
      `${group}${namespaced ? `/namespaces/${namespace}` : ''}/${plural}`,
    )) as KubeObject;
    expect(answer.kind).toBe(`${kind}List`);
  }
});

it('finds a kind once its CRD is there, and it is asked again', async () => {
  expect(await client.resource(GADGET.apiVersion, 'Gadget')).toBeUndefined();
  await client.apply(GADGETS, { fieldManager: 'test' });
  await expect
    .poll(
      () => {
        client.forgetDiscovery();
        return client.resource(GADGET.apiVersion, 'Gadget');
      },
      { timeout: 10_000 },
    )
    .toEqual({ plural: 'gadgets', namespaced: false });
  traces.length = 0;
  await client.apply(GADGET, { fieldManager: 'test' });
  expect(await all(client.list({ apiVersion: GADGET.apiVersion, kind: 'Gadget' }))).toHaveLength(1);
  expect(await client.resource(GADGET.apiVersion, 'Gizmo')).toBeUndefined();
  expect(traces.map(({ method }) => method)).toEqual(['PATCH', 'GET']);
});

it('tells the objects of a kind that is removed as deleted, then fails', async () => {
  const watch = iterate(client.watch({ apiVersion: GADGET.apiVersion, kind: 'Gadget' }, new AbortController().signal));
  expect((await watch.next()).value).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'one' } } });
  const next = watch.next();
  await client.delete(refOf(GADGETS));
  expect((await next).value).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'one' } } });
  await expect(watch.next()).rejects.toMatchObject({ status: 404 });
  // Known from before, but not there any more: nothing, not an error.
  expect(await all(client.list({ apiVersion: GADGET.apiVersion, kind: 'Gadget' }))).toEqual([]);
  expect(await client.get(refOf(GADGET))).toBeUndefined();
});
