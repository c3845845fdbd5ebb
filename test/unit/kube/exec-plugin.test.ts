import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KthenaError } from '../../../src/errors.js';
import { runExecPlugin, type ExecPluginContext } from '../../../src/kube/exec-plugin.js';
import { loadConnection } from '../../../src/kube/kubeconfig.js';
import type { ExecEntry } from '../../../src/kube/kubeconfig-file.js';
import { kubeconfig, KubeconfigFolder } from './kubeconfig-fixtures.js';

const VERSION = 'client.authentication.k8s.io/v1';
let folder: KubeconfigFolder;

beforeEach(() => {
  folder = new KubeconfigFolder();
});

afterEach(() => folder.remove());

/** A plugin that runs this JavaScript; `print(status)` answers with a credential. */
function plugin(script: string, extra: Partial<ExecEntry> = {}): ExecEntry {
  const print = `const print = (status) => console.log(JSON.stringify({ apiVersion: '${VERSION}', kind: 'ExecCredential', status }));`;
  return { apiVersion: VERSION, command: process.execPath, args: ['-e', `${print}\n${script}`], ...extra };
}

function context(extra: Partial<ExecPluginContext> = {}): ExecPluginContext {
  return { cluster: { server: 'https://a' }, env: folder.env(), terminal: false, onOutput: () => undefined, ...extra };
}

async function failure(exec: ExecEntry, extra: Partial<ExecPluginContext> = {}): Promise<KthenaError> {
  return runExecPlugin(exec, context(extra)).then(
    () => expect.fail('it gave a credential'),
    (error: KthenaError) => error,
  );
}

describe('a credential plugin', () => {
  it('gives a token, or a client certificate, and how long they last', async () => {
    expect(await runExecPlugin(plugin('print({ token: "abc", expirationTimestamp: null })'), context())).toEqual({
      token: 'abc',
      certificate: undefined,
      key: undefined,
      expiresAt: undefined,
    });
    const script =
      'print({ clientCertificateData: "C", clientKeyData: "K", expirationTimestamp: "2030-01-01T00:00:00Z" })';
    expect(await runExecPlugin(plugin(script), context())).toEqual({
      token: undefined,
      certificate: 'C',
      key: 'K',
      expiresAt: Date.parse('2030-01-01T00:00:00Z'),
    });
  });

  it('gets arguments, its own variables, and what Kubernetes has to say', async () => {
    const out = path.join(folder.path, 'env.json');
    const script = `require('fs').writeFileSync(process.env.OUT, process.env.KUBERNETES_EXEC_INFO); print({ token: 'x' })`;
    const cluster = {
      server: 'https://a',
      'certificate-authority-data': 'Q0E=',
      'tls-server-name': 'k',
      extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'me' } }],
    };
    const exec = plugin(script, { env: [{ name: 'OUT', value: out }], provideClusterInfo: true });
    await runExecPlugin(exec, context({ cluster }));
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual({
      apiVersion: VERSION,
      kind: 'ExecCredential',
      spec: {
        interactive: false,
        cluster: {
          server: 'https://a',
          'certificate-authority-data': 'Q0E=',
          'tls-server-name': 'k',
          config: { audience: 'me' },
        },
      },
    });
  });

  it('that reads standard input does not hang', async () => {
    const script = `process.stdin.on('end', () => print({ token: 'eof' })).resume()`;
    expect(await runExecPlugin(plugin(script), context())).toMatchObject({ token: 'eof' });
  });

  it('that leaves a child behind with its output open does not hang', async () => {
    const script = `require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 5000)'], { stdio: 'inherit' }).unref(); print({ token: 'x' })`;
    const started = performance.now();
    expect(await runExecPlugin(plugin(script), context())).toMatchObject({ token: 'x' });
    expect(performance.now() - started).toBeLessThan(4000);
  });

  it('that never ends is ended', async () => {
    const error = await failure(plugin('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'), {
      timeoutMs: 300,
    });
    expect(error.message).toContain('time was up');
  });

  it('ends with what started it', async () => {
    const controller = new AbortController();
    const running = runExecPlugin(plugin('setInterval(() => {}, 1000)'), context(), controller.signal);
    setTimeout(() => controller.abort(), 100);
    await expect(running).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('a credential plugin that fails', () => {
  it('shows what it said, but nothing of what it printed for us', async () => {
    const error = await failure(
      plugin('console.log("hunter2"); console.error("please log in\\nagain"); process.exit(3)'),
    );
    expect(error.code).toBe('unauthorized');
    expect(error.message).toContain('exit code 3');
    expect(error.details).toEqual(['please log in', 'again']);
    expect(JSON.stringify([error.message, error.details, error.hint])).not.toContain('hunter2');
  });

  it('is not installed: its own hint is shown', async () => {
    const exec = { apiVersion: VERSION, command: 'no-such-plugin-4711', installHint: 'Get it from the cloud.\n' };
    const error = await failure(exec);
    expect(error.message).toContain('"no-such-plugin-4711"');
    expect(error.message).toContain('not installed');
    expect(error.hint).toBe('Get it from the cloud.');
  });

  it.each([
    ['console.log("not json")', 'not JSON'],
    ['', 'printed nothing'],
    ['console.log("null")', 'not an ExecCredential'],
    [
      'console.log(JSON.stringify({ kind: "ExecCredential", apiVersion: "client.authentication.k8s.io/v1beta1" }))',
      'v1beta1',
    ],
    ['print({})', 'neither a token nor a certificate'],
    ['print({ clientCertificateData: "C" })', 'without its key'],
  ])('prints %s', async (script, complaint) => {
    expect((await failure(plugin(script))).message).toContain(complaint);
  });

  it('speaks a version nobody knows, or none', async () => {
    const error = await failure(plugin('', { apiVersion: 'client.authentication.k8s.io/v1alpha1' }));
    expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining('v1alpha1') });
  });

  it('has to ask somebody where nobody is', async () => {
    expect((await failure(plugin('', { interactiveMode: 'Always' }))).message).toContain('no terminal');
  });
});

describe('the login of a plugin', () => {
  /** Counts its runs in a file and gives the count as its token. */
  const counting = (lifetime: string): string =>
    `const fs = require('fs'); let n = 0; try { n = +fs.readFileSync('${folder.path}/n') } catch {} fs.writeFileSync('${folder.path}/n', String(++n)); print({ token: 't' + n${lifetime} })`;

  const connect = (script: string): ReturnType<typeof loadConnection> =>
    loadConnection(
      { kubeconfig: folder.write('config', kubeconfig('c', { user: { exec: plugin(script) } })) },
      folder.env(),
    );

  it('is shared by parallel requests, kept, and renewed after a 401', async () => {
    const connection = await connect(counting(''));
    const both = await Promise.all([connection.credentials(), connection.credentials()]);
    expect(both.map(({ headers }) => headers['authorization'])).toEqual(['Bearer t1', 'Bearer t1']);
    expect((await connection.credentials()).headers).toEqual({ authorization: 'Bearer t1' });
    expect(connection.renewCredentials()).toBe(true);
    expect((await connection.credentials()).headers).toEqual({ authorization: 'Bearer t2' });
  });

  it('is renewed when it expires', async () => {
    const connection = await connect(counting(', expirationTimestamp: new Date(Date.now() + 1000).toISOString()'));
    await connection.credentials();
    expect((await connection.credentials()).headers).toEqual({ authorization: 'Bearer t2' });
  });

  it('may come from a program beside the kubeconfig', async () => {
    const body = `#!${process.execPath}\nconsole.log(JSON.stringify({ apiVersion: '${VERSION}', kind: 'ExecCredential', status: { token: 'beside' } }))`;
    folder.write('bin/login', body);
    const { chmodSync } = await import('node:fs');
    chmodSync(path.join(folder.path, 'bin/login'), 0o755);
    const user = { exec: { apiVersion: VERSION, command: './bin/login', interactiveMode: 'Never' } };
    const connection = await loadConnection(
      { kubeconfig: folder.write('config', kubeconfig('c', { user })) },
      folder.env(),
    );
    expect((await connection.credentials()).headers).toEqual({ authorization: 'Bearer beside' });
  });
});
