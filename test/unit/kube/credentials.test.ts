import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connection, Credentials } from '../../../src/kube/connection.js';
import { loadConnection, type ConnectionOptions } from '../../../src/kube/kubeconfig.js';
import { kubeconfig, KubeconfigFolder } from './kubeconfig-fixtures.js';

let folder: KubeconfigFolder;

beforeEach(() => {
  folder = new KubeconfigFolder();
});

afterEach(() => folder.remove());

function connect(user: object, options: ConnectionOptions = {}): Promise<Connection> {
  return loadConnection({ kubeconfig: folder.write('config', kubeconfig('c', { user })), ...options }, folder.env());
}

async function credentials(user: object, options: ConnectionOptions = {}): Promise<Credentials> {
  return (await connect(user, options)).credentials();
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a user logs in', () => {
  it('with a token', async () => {
    expect((await credentials({ token: 'abc' })).headers).toEqual({ authorization: 'Bearer abc' });
  });

  it('with a token of digits, which YAML takes for a number', async () => {
    const file = folder.write(
      'config',
      'contexts: [{name: c, context: {cluster: c, user: c}}]\ncurrent-context: c\n' +
        'clusters: [{name: c, cluster: {server: "https://c"}}]\nusers: [{name: c, user: {token: 12345}}]\n',
    );
    const connection = await loadConnection({ kubeconfig: file }, folder.env());
    expect((await connection.credentials()).headers).toEqual({ authorization: 'Bearer 12345' });
  });

  it('with user name and password', async () => {
    const { headers } = await credentials({ username: 'ann', password: 'p:w' });
    expect(headers).toEqual({ authorization: `Basic ${base64('ann:p:w')}` });
  });

  it('with a client certificate, from data or files beside the kubeconfig', async () => {
    const inline = await credentials({ 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') });
    expect([String(inline.cert), String(inline.key), inline.headers]).toEqual(['CERT', 'KEY', {}]);
    folder.write('a.crt', 'FILE CERT');
    folder.write('a.key', 'FILE KEY');
    const files = await credentials({ 'client-certificate': 'a.crt', 'client-key': 'a.key' });
    expect([String(files.cert), String(files.key)]).toEqual(['FILE CERT', 'FILE KEY']);
  });

  it('not with a token that would break the request', async () => {
    const work = credentials({ token: 'hunter2\r\nx-evil: 1' });
    await expect(work).rejects.toMatchObject({ code: 'usage', message: expect.not.stringContaining('hunter2') });
  });

  it('as nobody where the context names no user', async () => {
    const file = folder.write('config', kubeconfig('c', { context: { user: '' } }));
    const connection = await loadConnection({ kubeconfig: file }, folder.env());
    expect(connection.user).toBeUndefined();
    expect((await connection.credentials()).headers).toEqual({});
  });
});

describe('a token file', () => {
  it('counts before a token, and is read again after a 401', async () => {
    const tokenFile = folder.write('token', 'first\n');
    const connection = await connect({ tokenFile: 'token', token: 'stale' });
    expect((await connection.credentials()).headers).toEqual({ authorization: 'Bearer first' });
    writeFileSync(tokenFile, 'second\n');
    expect(connection.renewCredentials()).toBe(true);
    expect((await connection.credentials()).headers).toEqual({ authorization: 'Bearer second' });
  });
});

describe('an auth provider', () => {
  const jwt = (expires: number): string =>
    `${base64('{}').replace(/=/g, '')}.${base64(JSON.stringify({ exp: expires })).replace(/=/g, '')}.x`;

  it('gives the id token of OIDC while it is valid', async () => {
    const token = jwt(Date.now() / 1000 + 3600);
    const { headers } = await credentials({ 'auth-provider': { name: 'oidc', config: { 'id-token': token } } });
    expect(headers).toEqual({ authorization: `Bearer ${token}` });
  });

  it('says that it has no valid token rather than going on as nobody', async () => {
    const user = { 'auth-provider': { name: 'oidc', config: { 'id-token': jwt(1) } } };
    await expect(credentials(user)).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('oidc'),
    });
  });
});

describe('a static login', () => {
  it('gives nothing new after a 401', async () => {
    expect((await connect({ token: 'abc' })).renewCredentials()).toBe(false);
  });
});

describe('acting as somebody else', () => {
  const file = {
    token: 't',
    as: 'ann',
    'as-uid': '7',
    'as-groups': ['devs', 'ops'],
    'as-user-extra': { 'example.org/Team': ['a', 'b'] },
  };

  it('comes from the kubeconfig', async () => {
    expect((await credentials(file)).headers).toEqual({
      authorization: 'Bearer t',
      'impersonate-user': 'ann',
      'impersonate-uid': '7',
      'impersonate-group': ['devs', 'ops'],
      'impersonate-extra-example.org%2fteam': ['a', 'b'],
    });
  });

  it('comes from the flags as a whole where they are given', async () => {
    const { headers } = await credentials(file, { asUser: 'bob', asGroups: ['readers'] });
    expect(headers).toEqual({ authorization: 'Bearer t', 'impersonate-user': 'bob', 'impersonate-group': ['readers'] });
    expect((await credentials(file, { asUser: 'bob', asGroups: [] })).headers).not.toHaveProperty('impersonate-group');
  });

  it('needs a user for its groups', async () => {
    await expect(connect({ token: 't' }, { asGroups: ['ops'] })).rejects.toMatchObject({ code: 'usage' });
  });
});
