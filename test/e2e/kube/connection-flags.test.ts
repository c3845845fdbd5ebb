import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../cluster/index.mjs';
import { runKthena } from '../install/program.js';

describe('the flags that stand for parts of a kubeconfig', () => {
  const cluster = connect(inject('cluster'));
  let folder: string;
  let server: string;
  let caFile: string;
  let token: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kthena-flags-'));
    const config = load(readFileSync(cluster.env['KUBECONFIG']!, 'utf8')) as {
      clusters: {
        cluster: { server: string; 'certificate-authority-data'?: string; 'certificate-authority'?: string };
      }[];
    };
    const entry = config.clusters[0]!.cluster;
    ({ server } = entry);
    caFile = join(folder, 'ca.crt');
    const data = entry['certificate-authority-data'];
    writeFileSync(
      caFile,
      data === undefined ? readFileSync(entry['certificate-authority']!) : Buffer.from(data, 'base64'),
    );
    const namespace = await cluster.newNamespace();
    await cluster.kubectl(['create', 'serviceaccount', 'installer', '-n', namespace]);
    ({ stdout: token } = await cluster.kubectl(['create', 'token', 'installer', '-n', namespace]));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (args: string[], env: NodeJS.ProcessEnv = {}) =>
    runKthena(['list', ...args], { env: { ...cluster.env, KUBECONFIG: join(folder, 'none'), ...env } });

  it('are enough without a kubeconfig, and the token is who acts', async () => {
    const { code, stderr } = await run([
      '--kube-apiserver',
      server,
      '--kube-ca-file',
      caFile,
      '--kube-token',
      token.trim(),
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain(':installer"');
    expect(stderr).not.toContain(token.trim());
  });

  it('take the place of what the kubeconfig says', async () => {
    const env = { KUBECONFIG: cluster.env['KUBECONFIG'] };
    expect((await run([], env)).code).toBe(0);
    expect((await run(['--kube-ca-file', caFile], env)).code).toBe(0);
    expect((await run(['--kube-apiserver', 'https://127.0.0.1:1'], env)).stderr).toContain('https://127.0.0.1:1');
    const asToken = await run(['--kube-token', token.trim()], env);
    expect(asToken.stderr).toContain(':installer"');
  });

  it.each([
    [['--kube-apiserver', 'here:6443'], '--kube-apiserver: "here:6443" is no URL'],
    [['--kube-apiserver', 'https://127.0.0.1:1', '--kube-token', ' '], '--kube-token: the token is empty'],
    [['--kube-apiserver', 'https://127.0.0.1:1', '--kube-token', 'a\nb'], 'has characters that cannot be sent'],
    [['--kube-apiserver', 'https://127.0.0.1:1', '--kube-ca-file', '/no/such'], '/no/such'],
    [
      ['--kube-apiserver', 'https://127.0.0.1:1', '--kube-as-user', 'Jörg'],
      'The value for impersonate-user has characters',
    ],
    [
      ['--kube-apiserver', 'https://127.0.0.1:1', '--kube-as-user', '管理'],
      'The value for impersonate-user has characters',
    ],
  ])('%j: says what is wrong', async (args, message) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('defect');
  });
});
