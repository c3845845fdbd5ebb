import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubeClient } from '../../../src/kube/client.js';
import { createClient } from '../../../src/kube/http-client.js';
import { rehearseLock } from '../../../src/lock/lock.js';
import { clientOf, connectionTo, sharedCluster } from '../kube/setup.js';
import { foreignLease, microTime, refIn, requestIn, specOf, take } from './setup.js';

const cluster = sharedCluster();
const now = (): Date => new Date();
const clients: KubeClient[] = [];
let admin: KubeClient;
let namespace: string;
let count = 0;

beforeAll(async () => {
  admin = await clientOf(cluster);
  clients.push(admin);
});
afterAll(() => clients.forEach((client) => client.close()));
beforeEach(async () => {
  namespace = await cluster.newNamespace('rights');
});

/** A user who may do with Leases what these verbs say, and nothing else. */
async function userWith(...verbs: string[]): Promise<KubeClient> {
  const name = `locker-${++count}`;
  const rbac = 'rbac.authorization.k8s.io';
  const metadata = { name, namespace };
  await admin.create(
    {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['list', ...verbs] }],
    },
    { fieldManager: 'test' },
  );
  await admin.create(
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'Role', name },
      subjects: [{ apiGroup: rbac, kind: 'User', name }],
    },
    { fieldManager: 'test' },
  );
  const connection = await connectionTo(cluster, { kubeconfig: await cluster.userKubeconfig({ name }) });
  const client = createClient(connection, { userAgent: 'kthena/test' });
  clients.push(client);
  return client;
}

describe('a rehearsal', () => {
  it('stores nothing', async () => {
    await rehearseLock(admin, requestIn(namespace), { now });
    expect(await admin.get(refIn(namespace))).toBeUndefined();
  });

  it('leaves the lock of another run as it is', async () => {
    const lease = await admin.create(foreignLease(namespace, { renewTime: microTime(now()) }), { fieldManager: 'x' });
    await rehearseLock(admin, requestIn(namespace), { now });
    expect((await admin.get(refIn(namespace)))?.metadata.resourceVersion).toBe(lease.metadata.resourceVersion);
  });

  it('succeeds where the namespace does not exist yet', async () => {
    await rehearseLock(admin, requestIn('not-there-yet'), { now });
  });

  it.each([
    ['create', ['get', 'update'], 'create'],
    ['read', ['create', 'update'], 'get'],
    ['update', ['create', 'get'], 'update'],
  ])('says that the right to %s is missing', async (_, verbs, missing) => {
    const client = await userWith(...verbs);
    await expect(rehearseLock(client, requestIn(namespace), { now })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining(`Lease/${namespace}/kthena.kthena`) as string,
      hint: expect.stringContaining(
        `kubectl auth can-i ${missing} leases.coordination.k8s.io -n ${namespace}`,
      ) as string,
    });
  });

  it('asks for no more than a run needs', async () => {
    const client = await userWith('create', 'get', 'update', 'delete');
    await rehearseLock(client, requestIn(namespace), { now });
    const { lock, said } = await take(client, namespace);
    await lock.release();
    expect(said).toEqual([]);
    expect(await admin.get(refIn(namespace))).toBeUndefined();
  });
});

describe('a run without rights', () => {
  it('takes no lock', async () => {
    await expect(take(await userWith(), namespace)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('that may not delete its lock says that it expires', async () => {
    const client = await userWith('create', 'get', 'update');
    const { lock, said } = await take(client, namespace);
    await lock.release();
    expect(said).toEqual([
      {
        type: 'warning',
        message: expect.stringMatching(/could not be deleted and expires within 3 s: .*\(403/) as string,
      },
    ]);
    expect(specOf(await admin.get(refIn(namespace)))['holderIdentity']).toContain(`pid ${process.pid} `);
  });
});
