import { inject, describe, expect, it } from 'vitest';
import { namespace as check } from '../../../src/preflight/namespace/namespace.js';
import type { CheckResult } from '../../../src/preflight/run.js';
import type { KubeClient } from '../../../src/kube/client.js';
import { withOwner } from '../../../src/plan/ownership.js';
import { connect } from '../../cluster/index.mjs';
import { clientFor, resultOf, subjectIn } from './setup.js';

const cluster = connect(inject('cluster'));

async function create(client: KubeClient, name: string, kind: string, spec: unknown): Promise<void> {
  await client.create(
    { apiVersion: 'v1', kind, metadata: { name: kind.toLowerCase(), namespace: name }, spec },
    { fieldManager: 'test' },
  );
}

/** A quota counts once its controller has seen it. */
async function quota(client: KubeClient, name: string, hard: Record<string, string>): Promise<void> {
  await create(client, name, 'ResourceQuota', { hard });
  const ref = { apiVersion: 'v1', kind: 'ResourceQuota', namespace: name, name: 'resourcequota' };
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    const live = await client.get(ref);
    if ((live?.['status'] as { used?: unknown } | undefined)?.used !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the quota is not counted after 10 s');
}

async function label(client: KubeClient, name: string, labels: Record<string, string>): Promise<void> {
  const metadata = { name, labels };
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata }, { fieldManager: 'test' });
}

async function findingsIn(client: KubeClient, name: string, ...set: string[]): Promise<CheckResult['findings']> {
  return (await resultOf(check, await subjectIn(client, name, { set }), client)).findings;
}

/** What `restricted` asks of a container. */
const RESTRICTED = ['workload.controllerManager', 'networking.kthenaRouter'].flatMap((path) => [
  `${path}.securityContext.allowPrivilegeEscalation=false`,
  `${path}.securityContext.runAsNonRoot=true`,
  `${path}.securityContext.capabilities.drop={ALL}`,
  `${path}.securityContext.seccompProfile.type=RuntimeDefault`,
]);

/** Puts the Deployments there as an install would have, and what their pods need. */
async function deployed(client: KubeClient, name: string, ...set: string[]): Promise<void> {
  const { objects, release } = await subjectIn(client, name, { set });
  for (const object of objects.filter(({ kind }) => ['Deployment', 'ServiceAccount', 'ConfigMap'].includes(kind))) {
    await client.apply(withOwner(object, release), { fieldManager: 'kthena' });
  }
}

describe('the check of the namespace', () => {
  it('is silent where it does not exist, or holds nothing against the pods', async () => {
    const client = await clientFor(cluster);
    expect(await findingsIn(client, 'not-there-yet')).toEqual([]);
    expect(await findingsIn(client, await cluster.newNamespace('plain'))).toEqual([]);
  });

  it('tells that it is missing where it may not be created', async () => {
    const client = await clientFor(cluster);
    const subject = await subjectIn(client, 'absent', { createNamespace: false });
    expect((await resultOf(check, subject, client)).findings).toMatchObject([
      { severity: 'error', seen: 'namespace absent does not exist' },
    ]);
  });

  it('tells that it is being deleted', async () => {
    const client = await clientFor(cluster);
    const name = await cluster.newNamespace('going');
    const held = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'held', namespace: name, finalizers: ['kthena.test/hold'] },
    };
    await client.create(held, { fieldManager: 'test' });
    await client.delete({ apiVersion: 'v1', kind: 'Namespace', name });
    expect(await findingsIn(client, name)).toMatchObject([
      { severity: 'error', seen: `namespace ${name} is being deleted` },
    ]);
  });

  it('asks pod security about the pods of each Deployment', async () => {
    const client = await clientFor(cluster);
    const name = await cluster.newNamespace('restricted');
    await label(client, name, { 'pod-security.kubernetes.io/enforce': 'restricted' });
    expect(await findingsIn(client, name)).toMatchObject(
      ['kthena-router', 'kthena-controller-manager'].map((deployment) => ({
        severity: 'error',
        object: { kind: 'Deployment', name: deployment },
        seen: expect.stringMatching(
          /^its pods would be refused: violates PodSecurity "restricted:latest": .*allowPrivilegeEscalation != false/,
        ) as string,
        hint: expect.stringContaining('networking.kthenaRouter.securityContext') as string,
      })),
    );
    expect(await findingsIn(client, name, ...RESTRICTED)).toEqual([]);
  });

  it('mentions a pod security level that only warns', async () => {
    const client = await clientFor(cluster);
    const name = await cluster.newNamespace('warned');
    await label(client, name, { 'pod-security.kubernetes.io/warn': 'restricted' });
    expect(await findingsIn(client, name)).toMatchObject(
      [1, 2].map(() => ({
        severity: 'info',
        seen: expect.stringContaining('would violate PodSecurity "restricted:latest"') as string,
      })),
    );
    expect(await findingsIn(client, name, ...RESTRICTED)).toEqual([]);
  });

  it('asks the limit ranges', async () => {
    const client = await clientFor(cluster);
    const name = await cluster.newNamespace('limited');
    await create(client, name, 'LimitRange', {
      limits: [{ type: 'Container', max: { cpu: '400m' }, min: { cpu: '10m' } }],
    });
    expect(await findingsIn(client, name, 'workload.enabled=false')).toMatchObject([
      {
        severity: 'error',
        seen: expect.stringContaining('maximum cpu usage per Container is 400m') as string,
        hint: expect.stringContaining('networking.kthenaRouter.resource') as string,
      },
    ]);
    const smaller = 'networking.kthenaRouter.resource.limits.cpu=400m';
    expect(await findingsIn(client, name, 'workload.enabled=false', smaller)).toEqual([]);
  });

  it('asks for the resources that a quota wants set, and takes the defaults of a limit range', async () => {
    const client = await clientFor(cluster);
    const name = await cluster.newNamespace('unset');
    await quota(client, name, { 'limits.cpu': '4' });
    const unset = ['workload.enabled=false', 'networking.kthenaRouter.resource.limits=null'];
    expect(await findingsIn(client, name, ...unset)).toMatchObject([
      {
        severity: 'error',
        seen: expect.stringMatching(/failed quota: resourcequota: must specify limits.cpu/) as string,
      },
    ]);
    await create(client, name, 'LimitRange', { limits: [{ type: 'Container', default: { cpu: '500m' } }] });
    await expect.poll(() => findingsIn(client, name, ...unset)).toEqual([]);
  });

  it('adds up what all pods and objects take of a quota', async () => {
    const client = await clientFor(cluster);
    const name = await cluster.newNamespace('quota');
    await quota(client, name, {
      pods: '3',
      'requests.memory': '500Mi',
      services: '3',
      'services.loadbalancers': '1',
      secrets: '4',
      configmaps: '10',
    });
    expect(await findingsIn(client, name)).toEqual([]);
    const [finding, ...others] = await findingsIn(client, name, 'networking.kthenaRouter.replicas=3');
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity: 'error', object: { kind: 'ResourceQuota', name: 'resourcequota' } });
    expect(finding!.seen.split('\n').slice(1)).toEqual([
      'pods: 4 more needed, 0 of 3 used',
      'requests.memory: 512Mi more needed, 0 of 500Mi used',
    ]);
  });

  it('counts Services, Secrets and ConfigMaps', async () => {
    const client = await clientFor(cluster);
    const name = await cluster.newNamespace('counted');
    await quota(client, name, {
      'services.loadbalancers': '1',
      secrets: '3',
      'count/configmaps': '2',
      'count/deployments.apps': '1',
    });
    const [finding] = await findingsIn(client, name);
    expect(finding!.seen.split('\n').slice(1).sort()).toEqual([
      'count/configmaps: 2 more needed, 1 of 2 used',
      'count/deployments.apps: 2 more needed, 0 of 1 used',
      'secrets: 4 more needed, 0 of 3 used',
    ]);
  });

  it('warns of a policy that refuses a pod, which may mean only pods without a controller', async () => {
    const client = await clientFor(cluster);
    const name = await cluster.newNamespace('policy');
    const apiVersion = 'admissionregistration.k8s.io/v1';
    const rule = { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] };
    await client.create(
      {
        apiVersion,
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name },
        spec: {
          matchConstraints: { resourceRules: [rule] },
          validations: [{ expression: 'has(object.metadata.ownerReferences)', message: 'no bare pods' }],
        },
      },
      { fieldManager: 'test' },
    );
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': name } };
    await client.create(
      {
        apiVersion,
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name },
        spec: { policyName: name, validationActions: ['Deny'], matchResources: { namespaceSelector } },
      },
      { fieldManager: 'test' },
    );
    const only = 'workload.enabled=false';
    await expect
      .poll(() => findingsIn(client, name, only), { timeout: 10_000 })
      .toMatchObject([{ severity: 'warning', seen: expect.stringContaining('no bare pods') as string }]);
  });

  it('says nothing of pods that run and stay, whatever the namespace would say today', async () => {
    const client = await clientFor(cluster);
    const name = await cluster.newNamespace('running');
    await deployed(client, name);
    await label(client, name, { 'pod-security.kubernetes.io/enforce': 'restricted' });
    expect(await findingsIn(client, name)).toEqual([]);
    expect(await findingsIn(client, name, 'networking.kthenaRouter.port=8090')).toMatchObject([
      { severity: 'error', object: { kind: 'Deployment', name: 'kthena-router' } },
    ]);
  });

  it('knows that a rollout of one pod needs room for another, and one of many does not', async () => {
    const client = await clientFor(cluster);
    const name = await cluster.newNamespace('rolling');
    await deployed(client, name, 'networking.kthenaRouter.replicas=4');
    await expect
      .poll(async () => {
        let pods = 0;
        for await (const _ of client.list({ apiVersion: 'v1', kind: 'Pod', namespace: name })) pods++;
        return pods;
      })
      .toBe(5);
    await quota(client, name, { pods: '5' });
    const many = ['networking.kthenaRouter.replicas=4', 'networking.kthenaRouter.port=8090'];
    expect(await findingsIn(client, name, ...many)).toMatchObject([
      {
        severity: 'warning',
        object: { name: 'kthena-router' },
        seen: expect.stringContaining('exceeded quota: resourcequota') as string,
      },
    ]);
    const one = ['networking.kthenaRouter.replicas=4', 'workload.controllerManager.podAnnotations.a=b'];
    expect(await findingsIn(client, name, ...one)).toMatchObject([
      { severity: 'error', object: { name: 'kthena-controller-manager' } },
    ]);
    expect(await findingsIn(client, name, 'networking.kthenaRouter.replicas=4')).toEqual([]);
  });

  it('looks at what a user may see, and says what it could not try', async () => {
    const admin = await clientFor(cluster);
    const name = await cluster.newNamespace('viewer');
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
    const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'vera' }];
    await admin.create(
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'vera', namespace: name },
        roleRef,
        subjects,
      },
      { fieldManager: 'test' },
    );
    const client = await clientFor(cluster, await cluster.userKubeconfig({ name: 'vera' }));
    const result = await resultOf(check, await subjectIn(client, name), client);
    expect(result.status).toBe('passed');
    expect(result.findings.map(({ seen }) => seen)).toEqual(
      [1, 2].map(
        () => expect.stringMatching(/its pods could not be tried: User "vera" cannot create resource "pods"/) as string,
      ),
    );
  });
});
