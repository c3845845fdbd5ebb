import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect, startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { mustRun } from '../install/program.js';

const PROGRAM = fileURLToPath(new URL('../../../bin/kthena.js', import.meta.url));

interface Answer {
  names: string[];
  stderr: string;
  code: number | null;
  ms: number;
}

/** What a shell gets for a command line whose last word is at the cursor. */
function complete(words: readonly string[], env: NodeJS.ProcessEnv): Promise<Answer> {
  const started = performance.now();
  const args = ['__complete', ...words.slice(0, -1), `:${words.at(-1)!}`];
  const child = spawn(process.execPath, [PROGRAM, ...args], { env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const names = stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0]!]));
      resolve({ names, stderr, code, ms: performance.now() - started });
    });
  });
}

describe('names of the cluster', () => {
  let cluster: ControlPlane;
  beforeAll(async () => {
    cluster = await startControlPlane();
    await mustRun(['install', 'my-release', '-n', 'models', '--no-wait'], { env: cluster.env });
    await mustRun(
      ['upgrade', 'my-release', '-n', 'models', '--no-wait', '--set', 'networking.kthenaRouter.replicas=2'],
      {
        env: cluster.env,
      },
    );
  });
  afterAll(() => cluster.stop());

  it.each([
    [['status', '-n', 'models', ''], ['my-release']],
    [['status', ''], []],
    [
      ['rollback', 'my-release', '-n', 'models', ''],
      ['2', '1'],
    ],
    [
      ['get', 'values', 'my-release', '--namespace=models', '--revision', ''],
      ['2', '1'],
    ],
    [['install', '-n', 'mod'], ['models']],
  ])('%j', async (words, expected) => {
    const { names, stderr, code } = await complete(words, cluster.env);
    expect({ names, stderr, code }).toEqual({ names: expected, stderr: '', code: 0 });
  });

  it('has the contexts of the kubeconfig', async () => {
    const { names } = await complete(['status', '--kube-context', ''], cluster.env);
    expect(names).toHaveLength(1);
  });
});

describe('where there are none to have', () => {
  const { env } = connect(inject('cluster'));
  let folder: string;
  let silent: Server;
  let port: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kthena-complete-'));
    silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    port = (silent.address() as { port: number }).port;
  });
  afterAll(() => {
    silent.close();
    rmSync(folder, { recursive: true });
  });

  const kubeconfig = (server: string, user: object = {}): NodeJS.ProcessEnv => {
    const file = join(folder, `${performance.now()}.yaml`);
    writeFileSync(
      file,
      JSON.stringify({
        'current-context': 'a',
        contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
        clusters: [{ name: 'a', cluster: { server } }],
        users: [{ name: 'a', user }],
      }),
    );
    return { ...env, KUBECONFIG: file };
  };
  const plugin = (script: string): object => ({
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'sh',
      args: ['-c', script],
      interactiveMode: 'IfAvailable',
    },
  });

  it.each<[string, () => NodeJS.ProcessEnv]>([
    ['a server that never answers', () => kubeconfig(`https://127.0.0.1:${port}`)],
    ['no server', () => kubeconfig('https://127.0.0.1:1')],
    ['a name that does not resolve', () => kubeconfig('https://no.such.host.invalid')],
    ['no kubeconfig', () => ({ ...env, KUBECONFIG: join(folder, 'none') })],
    ['a login that hangs', () => kubeconfig('https://127.0.0.1:1', plugin('sleep 60'))],
    ['a login that asks', () => kubeconfig('https://127.0.0.1:1', plugin('echo password >&2; read answer'))],
    ['a login that fails', () => kubeconfig('https://127.0.0.1:1', plugin('echo oh no >&2; exit 3'))],
  ])('%s: says nothing, and soon', async (_, environment) => {
    const { names, stderr, code, ms } = await complete(['status', ''], environment());
    expect({ names, stderr, code }).toEqual({ names: [], stderr: '', code: 0 });
    expect(ms).toBeLessThan(2500);
  });

  it('a broken kubeconfig: says nothing', async () => {
    const file = join(folder, 'broken');
    writeFileSync(file, '{ broken');
    for (const word of [
      ['status', ''],
      ['status', '--kube-context', ''],
    ]) {
      const { names, stderr, code } = await complete(word, { ...env, KUBECONFIG: file });
      expect({ names, stderr, code }).toEqual({ names: [], stderr: '', code: 0 });
    }
  });

  it('a login that is needed for the cluster is not asked for a flag', async () => {
    const mark = join(folder, 'asked');
    const { names } = await complete(
      ['install', '--set-s'],
      kubeconfig('https://127.0.0.1:1', plugin(`touch ${mark}`)),
    );
    expect(names).toEqual(['--set-string']);
    expect(existsSync(mark)).toBe(false);
  });
});
