import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KthenaError } from '../../../src/errors.js';
import type { KubeClient } from '../../../src/kube/client.js';
import { createClient } from '../../../src/kube/http-client.js';
import { inClusterKubeconfig } from '../../../src/kube/in-cluster.js';
import type { ConnectionOptions } from '../../../src/kube/kubeconfig.js';
import { connectionTo, sharedCluster } from './setup.js';

const cluster = sharedCluster();
const clients: KubeClient[] = [];
let namespace: string;
let token: string;

beforeAll(async () => {
  namespace = await cluster.newNamespace('kube-login');
  await cluster.kubectl(['create', 'serviceaccount', 'robot', '-n', namespace]);
  token = (await cluster.kubectl(['create', 'token', 'robot', '-n', namespace])).stdout.trim();
});

afterAll(() => clients.forEach((client) => client.close()));

async function open(options: ConnectionOptions): Promise<KubeClient> {
  const client = createClient(await connectionTo(cluster, options), { userAgent: 'kthena/test' });
  clients.push(client);
  return client;
}

/** A kubeconfig for the cluster, with this user and these changes to the cluster's entry. */
function kubeconfig(name: string, user: object, changes: object = {}): string {
  const file = path.join(cluster.dir, `login-${name}.kubeconfig`);
  const entry = {
    server: cluster.server,
    'certificate-authority-data': readFileSync(cluster.caFile).toString('base64'),
    ...changes,
  };
  const content = {
    'current-context': name,
    clusters: [{ name, cluster: entry }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
  writeFileSync(file, JSON.stringify(content));
  return file;
}

async function whoami(client: KubeClient): Promise<string> {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview', metadata: { name: '' } };
  const answer = await client.create(review, { fieldManager: 'test' });
  return (answer['status'] as { userInfo: { username: string } }).userInfo.username;
}

async function failure(client: KubeClient): Promise<KthenaError> {
  return client
    .list({ apiVersion: 'v1', kind: 'Secret', namespace })
    [Symbol.asyncIterator]()
    .next()
    .then(
      () => expect.fail('it was let in'),
      (error: KthenaError) => error,
    );
}

describe('a login', () => {
  const robot = (): string => `system:serviceaccount:${namespace}:robot`;

  it('by client certificate, from data or files', async () => {
    const admin = await open({});
    expect(await whoami(admin)).toBe('kubernetes-admin');
    const { users } = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8')) as {
      users: { user: Record<string, string> }[];
    };
    for (const part of ['client-certificate', 'client-key']) {
      writeFileSync(path.join(cluster.dir, `login.${part}`), Buffer.from(users[0]!.user[`${part}-data`]!, 'base64'));
    }
    const user = { 'client-certificate': 'login.client-certificate', 'client-key': 'login.client-key' };
    expect(await whoami(await open({ kubeconfig: kubeconfig('files', user) }))).toBe('kubernetes-admin');
  });

  it('by token', async () => {
    expect(await whoami(await open({ kubeconfig: kubeconfig('token', { token }) }))).toBe(robot());
  });

  it('by the service account of a pod', async () => {
    const config = inClusterKubeconfig({ KUBERNETES_SERVICE_HOST: 'x', KUBERNETES_SERVICE_PORT: '1' }, tokenFolder())!;
    const file = kubeconfig('pod', config.users.get('in-cluster')!);
    expect(await whoami(await open({ kubeconfig: file }))).toBe(robot());
  });

  it('by credential plugin', async () => {
    const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } };
    const script = `console.log(${JSON.stringify(JSON.stringify(credential))})`;
    const exec = { apiVersion: credential.apiVersion, command: process.execPath, args: ['-e', script] };
    expect(await whoami(await open({ kubeconfig: kubeconfig('plugin', { exec }) }))).toBe(robot());
  });

  it('as somebody else', async () => {
    const client = await open({ asUser: 'ann', asGroups: ['system:masters', 'other'] });
    expect(await whoami(client)).toBe('ann');
    expect(await client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'none' })).toBeUndefined();
    expect(await failure(await open({ asUser: 'ann' }))).toMatchObject({ code: 'forbidden' });
  });

  function tokenFolder(): string {
    writeFileSync(path.join(cluster.dir, 'token'), `${token}\n`);
    return cluster.dir;
  }
});

describe('a login that is refused', () => {
  it('is told as such, without the token', async () => {
    const error = await failure(await open({ kubeconfig: kubeconfig('bad', { token: 'hunter2' }) }));
    expect(error).toMatchObject({ code: 'unauthorized', status: 401 });
    expect(error.message).toContain('user "bad"');
    expect(JSON.stringify([error.message, error.details, error.hint])).not.toContain('hunter2');
  });

  it('is told with the right that is missing', async () => {
    const error = await failure(await open({ kubeconfig: kubeconfig('robot', { token }) }));
    expect(error).toMatchObject({ code: 'forbidden', status: 403 });
    expect(error.message).toContain('cannot list resource "secrets"');
    expect(error.hint).toContain(`kubectl auth can-i list secrets -n ${namespace}`);
  });
});

describe('the certificate of the server', () => {
  const port = new URL(cluster.server).port;

  it.each([
    ['of an unknown authority', 'unknown', { 'certificate-authority-data': undefined }, 'not trusted'],
    ['for another name', 'name', { 'tls-server-name': 'elsewhere.example' }, 'for another name'],
  ])('%s is not accepted', async (_what, name, changes, complaint) => {
    const error = await failure(await open({ kubeconfig: kubeconfig(name, { token }, changes) }));
    expect(error.message).toContain(complaint);
    expect(error.message).toContain(`127.0.0.1:${port}`);
  });

  it('is missed where the address begins with http://', async () => {
    const plain = { server: `http://127.0.0.1:${port}` };
    const error = await failure(await open({ kubeconfig: kubeconfig('http', { token }, plain) }));
    expect(error.hint).toContain('https://');
  });

  it('may be for the name in tls-server-name, or not be looked at', async () => {
    const named = kubeconfig('named', { token }, { 'tls-server-name': 'kubernetes.default.svc' });
    expect(await whoami(await open({ kubeconfig: named }))).toContain('robot');
    const blind = { 'certificate-authority-data': undefined, 'insecure-skip-tls-verify': true };
    expect(await whoami(await open({ kubeconfig: kubeconfig('blind', { token }, blind) }))).toContain('robot');
  });

  it('is that of an address nobody listens at', async () => {
    const error = await failure(
      await open({ kubeconfig: kubeconfig('nobody', { token }, { server: 'https://127.0.0.1:1' }) }),
    );
    expect(error).toMatchObject({ code: 'unreachable', message: expect.stringContaining('refuses connections') });
    const unnamed = { server: 'https://no-such-host.invalid:6443' };
    expect((await failure(await open({ kubeconfig: kubeconfig('unnamed', { token }, unnamed) }))).message).toContain(
      'cannot be resolved',
    );
  });

  it('cannot make up for a client key that does not fit', async () => {
    const { users } = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8')) as {
      users: { user: Record<string, string> }[];
    };
    const key = readFileSync(path.join(cluster.dir, 'apiserver.key')).toString('base64');
    const error = await failure(
      await open({ kubeconfig: kubeconfig('mixed', { ...users[0]!.user, 'client-key-data': key }) }),
    );
    expect(error.message).toContain('cannot be used');
    expect(error.hint).toContain('client certificate');
  });
});
