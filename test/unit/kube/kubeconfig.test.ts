import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KthenaError } from '../../../src/errors.js';
import { loadConnection, type ConnectionOptions } from '../../../src/kube/kubeconfig.js';
import { kubeconfig, KubeconfigFolder } from './kubeconfig-fixtures.js';

let folder: KubeconfigFolder;

beforeEach(() => {
  folder = new KubeconfigFolder();
});

afterEach(() => folder.remove());

async function failure(options: ConnectionOptions, env = folder.env()): Promise<KthenaError> {
  return loadConnection(options, env).then(
    () => expect.fail('a connection was found'),
    (error: KthenaError) => error,
  );
}

describe('which kubeconfig', () => {
  it('is ~/.kube/config by default', async () => {
    folder.write('.kube/config', kubeconfig('home', { context: { namespace: 'models' } }));
    const connection = await loadConnection({}, folder.env());
    expect(connection).toMatchObject({
      server: 'https://home.example:6443',
      context: 'home',
      user: 'home',
      namespace: 'models',
      proxy: undefined,
    });
  });

  it('is the file of KUBECONFIG rather than that', async () => {
    folder.write('.kube/config', kubeconfig('home'));
    const file = folder.write('other', kubeconfig('other'));
    expect(await loadConnection({}, folder.env({ KUBECONFIG: file }))).toMatchObject({
      context: 'other',
      namespace: 'default',
    });
    expect(await loadConnection({}, folder.env({ KUBECONFIG: '' }))).toMatchObject({ context: 'home' });
  });

  it('is the file of the flag rather than either', async () => {
    const file = folder.write('flag', kubeconfig('flag'));
    const env = folder.env({ KUBECONFIG: folder.write('other', kubeconfig('other')) });
    expect(await loadConnection({ kubeconfig: file }, env)).toMatchObject({ context: 'flag' });
  });

  it('may be several files: the first to name something wins, missing files are skipped', async () => {
    const files = [
      path.join(folder.path, 'missing'),
      folder.write('a', { clusters: [{ name: 'b', cluster: { server: 'https://first.example' } }] }),
      folder.write('b', kubeconfig('b')),
      folder.write('c', kubeconfig('c')),
      folder.write('empty', ''),
    ];
    const env = folder.env({ KUBECONFIG: files.join(path.delimiter) });
    expect(await loadConnection({}, env)).toMatchObject({ context: 'b', server: 'https://first.example' });
    expect(await loadConnection({ context: 'c' }, env)).toMatchObject({ server: 'https://c.example:6443' });
  });

  it('may be JSON or YAML, and anything but a localhost guess where there is none', async () => {
    const error = await failure({});
    expect(error.code).toBe('usage');
    expect(error.message).toContain(path.join(folder.path, '.kube', 'config'));
    expect(error.hint).toMatch(/KUBECONFIG.*--kubeconfig/);
    const none = await failure({}, folder.env({ KUBECONFIG: '/no/such/a:/no/such/b' }));
    expect(none.message).toContain('/no/such/a, /no/such/b');
  });
});

describe('a kubeconfig that does not work', () => {
  it('is a missing file of the flag', async () => {
    const error = await failure({ kubeconfig: '/no/such/file' });
    expect(error).toMatchObject({ code: 'usage' });
    expect(error.message).toContain('/no/such/file');
    expect((await failure({ kubeconfig: '' })).message).toContain('--kubeconfig');
  });

  it('is a folder', async () => {
    expect((await failure({ kubeconfig: folder.path })).message).toContain('cannot be read');
  });

  it('is broken YAML: the place is named, the text, which may hold a token, is not', async () => {
    const file = folder.write('broken', 'users:\n- name: a\n  user:\n    token: hunter2\n   oops: [\n');
    const error = await failure({ kubeconfig: file });
    expect(error.message).toMatch(new RegExp(`${file}:5:\\d+`));
    expect(JSON.stringify([error.message, error.details, error.hint, error.stack])).not.toContain('hunter2');
  });

  it.each(['token: *hunter2', 'token: !hunter2 a', 'token: !hunter2!x a', '%TAG ! hunter2'])(
    'is broken YAML where the parser would quote what is wrong: %s',
    async (line) => {
      const file = folder.write('broken', `users:\n- name: a\n  user:\n    ${line}\n`);
      const error = await failure({ kubeconfig: file });
      expect(JSON.stringify([error.message, error.details, error.hint])).not.toContain('hunter2');
    },
  );

  it('is YAML that is no kubeconfig', async () => {
    expect((await failure({ kubeconfig: folder.write('a', '- a\n') })).message).toContain('does not hold a map');
    expect((await failure({ kubeconfig: folder.write('b', 'clusters: 3\n') })).message).toContain('"clusters"');
    expect((await failure({ kubeconfig: folder.write('c', 'users: [{}]\n') })).message).toContain('users[0]');
    expect((await failure({ kubeconfig: folder.write('d', 'users: [null]\n') })).message).toContain('users[0]');
  });

  it('lacks the context asked for: the known ones are named', async () => {
    const file = folder.write('a', kubeconfig('staging'));
    const error = await failure({ kubeconfig: file, context: 'prod' });
    expect(error.message).toContain('"prod"');
    expect(error.hint).toContain('staging');
  });

  it('chooses no context', async () => {
    const file = folder.write('a', { ...kubeconfig('staging'), 'current-context': '' });
    const error = await failure({ kubeconfig: file });
    expect(error.message).toContain('No context');
    expect(error.hint).toContain('staging');
  });

  it('names a cluster or a user that is missing', async () => {
    const cluster = await failure({ kubeconfig: folder.write('a', kubeconfig('a', { context: { cluster: 'gone' } })) });
    expect(cluster.message).toContain('cluster "gone"');
    const user = await failure({ kubeconfig: folder.write('b', kubeconfig('b', { context: { user: 'gone' } })) });
    expect(user.message).toContain('user "gone"');
  });

  it('has a server that is no URL', async () => {
    for (const server of ['', 'api.example:6443', 'ftp://a']) {
      const error = await failure({ kubeconfig: folder.write('a', kubeconfig('a', { cluster: { server } })) });
      expect(error.message).toContain('server');
      expect(error.hint).toContain('https://');
    }
  });

  it.each(['https://me:hunter2@api.example', 'https://hunter2@api.example:6443', 'https://me:hunter2@api.example:x'])(
    'has a login in the URL of its server, %s, which is in no message',
    async (server) => {
      const error = await failure({ kubeconfig: folder.write('a', kubeconfig('a', { cluster: { server } })) });
      expect(error.message).toContain('https://***@api.example');
      expect(JSON.stringify([error.message, error.details, error.hint, error.stack])).not.toContain('hunter2');
    },
  );

  it('names certificate files that are missing, or hold no certificate', async () => {
    const withCluster = (cluster: object): Promise<KthenaError> =>
      failure({ kubeconfig: folder.write('a', kubeconfig('a', { cluster })) });
    expect((await withCluster({ 'certificate-authority': 'no-ca.crt' })).message).toContain(
      path.join(folder.path, 'no-ca.crt'),
    );
    expect((await withCluster({ 'certificate-authority-data': 'bm8=' })).message).toContain('no certificate');
    const user = { 'client-certificate': 'no.crt', 'client-key': 'no.key' };
    const error = await failure({ kubeconfig: folder.write('b', kubeconfig('b', { user })) });
    expect(error.message).toContain('client-certificate of user "b"');
  });
});

describe('the cluster', () => {
  it('brings its authority, from data or a file beside the kubeconfig', async () => {
    const pem = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n';
    folder.write('sub/ca.crt', pem);
    const file = folder.write('sub/a', kubeconfig('a', { cluster: { 'certificate-authority': 'ca.crt' } }));
    expect(String((await loadConnection({ kubeconfig: file }, folder.env())).tls.ca)).toBe(pem);
    const cluster = { 'certificate-authority-data': Buffer.from(pem).toString('base64') };
    const inline = folder.write('b', kubeconfig('b', { cluster }));
    expect(String((await loadConnection({ kubeconfig: inline }, folder.env())).tls.ca)).toBe(pem);
  });

  it('may have TLS and proxy settings of its own; its proxy counts before the environment', async () => {
    const cluster = {
      'insecure-skip-tls-verify': true,
      'tls-server-name': 'kubernetes',
      'proxy-url': 'socks5://p:1080',
    };
    const file = folder.write('a', kubeconfig('a', { cluster }));
    const env = folder.env({ HTTPS_PROXY: 'http://env:3128' });
    const connection = await loadConnection({ kubeconfig: file }, env);
    expect(connection.tls).toEqual({ insecure: true, servername: 'kubernetes' });
    expect(connection.proxy).toBe('socks5://p:1080');
    const plain = await loadConnection({ kubeconfig: folder.write('b', kubeconfig('b')) }, env);
    expect(plain.tls.insecure).toBe(false);
    expect(plain.proxy).toBe('http://env:3128');
  });

  it('may live below a path, and over plain http, as kubectl proxy does', async () => {
    const below = kubeconfig('a', { cluster: { server: 'https://rancher.example/k8s/clusters/c-1/' } });
    expect((await loadConnection({ kubeconfig: folder.write('a', below) }, folder.env())).server).toBe(
      'https://rancher.example/k8s/clusters/c-1',
    );
    const plain = folder.write('b', kubeconfig('b', { cluster: { server: 'http://localhost:8001' }, user: {} }));
    const connection = await loadConnection({ kubeconfig: plain }, folder.env());
    expect(await connection.credentials()).toEqual({ headers: {} });
  });
});
