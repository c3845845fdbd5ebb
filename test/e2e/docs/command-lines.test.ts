import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueCertificate } from '../../../src/certs/issue.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { commandLines, type CommandLine } from '../../unit/docs/command-lines.js';
import { codeBlocks, read, root } from '../../unit/docs/markdown.js';
import { mustRun } from '../install/program.js';

/** What a line finds: a release with three revisions, none, or none but its namespace. */
type State = 'kthena' | 'my-release' | 'absent' | 'namespace';

/** Lines that do not end well without somebody who answers, or whose exit code tells something; each with why. */
const OTHER_ENDS: ReadonlyMap<string, { code: number; says?: string }> = new Map([
  ['kthena diff --set networking.kthenaRouter.replicas=2 --exit-code', { code: 2 }],
  [
    'kthena diff --post-renderer kbld --post-renderer-args=-f --post-renderer-args=-',
    { code: 1, says: '"kbld" is not found' },
  ],
  // No pod answers in that cluster.
  ['kthena check', { code: 1, says: 'can be created, since the call of webhook' }],
  ['kthena crds delete', { code: 1, says: 'nobody can be asked here' }],
  [
    'kthena crds delete modelroutes.networking.serving.volcano.sh --backup-file routes.yaml',
    { code: 1, says: 'nobody can be asked here' },
  ],
]);

const OFFLINE = new Set(['values', 'lint', 'images', 'package', 'bundle', 'version', 'completion', 'help']);

/** The lines to be typed as they are, which test/unit/docs does not run already. The help's examples are among them. */
function clusterLines(): CommandLine[] {
  const found = new Map(commandLines().flatMap((one) => (one.inBlock ? [[one.line, one] as const] : [])));
  return [...found.values()].filter(({ args: [name = ''], line }) => {
    if (name === 'template') return line.includes('|') || line.includes('--validate');
    return !OFFLINE.has(name) && !line.includes('--dry-run=client');
  });
}

function stateFor({ args, line }: CommandLine): State {
  if (line.includes('kubectl apply')) return 'namespace';
  if (args[0] === 'install' || args.includes('--install')) return 'absent';
  if (args[0] === 'crds' && ['delete', 'restore'].includes(args[1]!)) return 'absent';
  return args.includes('models') ? 'my-release' : 'kthena';
}

/** What kubectl applies belongs to no release, and would be in the way of the others. */
const ORDER: readonly State[] = ['kthena', 'my-release', 'absent', 'namespace'];
const lines = clusterLines().sort((a, b) => ORDER.indexOf(stateFor(a)) - ORDER.indexOf(stateFor(b)));

describe('the command lines of the documentation and of every --help, run at a cluster', () => {
  let cluster: ControlPlane;
  let folder: string;
  let present: State = 'absent';

  beforeAll(async () => {
    cluster = await startControlPlane();
  });
  afterAll(() => cluster.stop());

  const kthena = (args: string[]) => mustRun(args, { env: cluster.env, cwd: folder });

  /** Uninstalls whatever is there, and installs what the line wants. */
  async function bring(state: State): Promise<void> {
    const { stdout } = await kthena(['list', '-A', '-o', 'json']);
    const [release] = JSON.parse(stdout) as { name: string; namespace: string }[];
    const before = present;
    if (release !== undefined && (release.name !== state || before !== state))
      await kthena(['uninstall', release.name, '-n', release.namespace, '--wait']);
    present = state;
    if (state === 'namespace') await cluster.kubectl(['create', 'namespace', 'kthena-system']);
    if (state === 'absent' || state === 'namespace') return kthena(['crds', 'upgrade']).then(() => undefined);
    if (release?.name === state && before === state) return;
    const identity = [state, ...(state === 'my-release' ? ['-n', 'models'] : [])];
    await kthena(['install', ...identity]);
    for (const replicas of [2, 3]) {
      await kthena(['upgrade', ...identity, '--set', `workload.controllerManager.replicas=${replicas}`]);
    }
  }

  /** The files that lines name: the values of the README, a bundle, the examples, and backups where one is restored. */
  async function files({ line, args }: CommandLine): Promise<void> {
    folder = mkdtempSync(join(tmpdir(), 'kthena-docs-'));
    symlinkSync(join(root, 'bin', 'kthena.js'), join(folder, 'kthena'));
    const [values] = codeBlocks(read('README.md')).filter(({ info }) => info === 'yaml');
    writeFileSync(join(folder, 'values.yaml'), values!.text);
    if (line.includes('--bundle ')) await kthena(['package', '-d', folder]);
    if (line.includes('examples/')) cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
    if (line.includes('--tls-cert-file ')) await certificateFiles();
    if (line.includes('=ca.b64')) await certificateSecrets();
    if (line.startsWith('kthena crds restore ')) await kthena(['crds', 'backup', '-o', args[2]!]);
  }

  /** A certificate for both components, in the names that the documentation uses. */
  async function certificateFiles(): Promise<void> {
    const names = ['kthena-router-webhook', 'kthena-controller-manager-webhook'].map(
      (name) => `${name}.kthena-system.svc`,
    );
    const { certificate, privateKey, ca } = await issueCertificate({ names, now: new Date() });
    writeFileSync(join(folder, 'tls.crt'), certificate);
    writeFileSync(join(folder, 'tls.key'), privateKey);
    writeFileSync(join(folder, 'ca.crt'), ca);
  }

  /** What the lines before it in the documentation make. */
  async function certificateSecrets(): Promise<void> {
    await certificateFiles();
    writeFileSync(join(folder, 'ca.b64'), readFileSync(join(folder, 'ca.crt')).toString('base64'));
    await cluster.kubectl(['create', 'namespace', 'kthena-system']);
    const files = ['tls.crt', 'tls.key', 'ca.crt'].map((name) => `--from-file=${name}`);
    for (const component of ['kthena-router', 'kthena-controller-manager']) {
      const secret = ['generic', `${component}-webhook-certs`, '-n', 'kthena-system', '--type=kubernetes.io/tls'];
      await cluster.kubectl(['create', 'secret', ...secret, ...files], { cwd: folder });
    }
  }

  const run = (line: string): Promise<{ code: number | string; output: string }> =>
    new Promise((resolve) => {
      const PATH = [folder, cluster.env['PATH'] ?? process.env['PATH']].join(delimiter);
      const child = execFile(
        'sh',
        ['-c', `${line} 2>&1`],
        { cwd: folder, env: { ...cluster.env, PATH } },
        (error, stdout) => resolve({ code: error?.code ?? 0, output: stdout }),
      );
      child.stdin!.end();
    });

  it('are found', () => {
    expect(lines.length).toBeGreaterThan(50);
  });

  it.each(lines)('$line', async (line) => {
    folder = tmpdir();
    await bring(stateFor(line));
    await files(line);
    try {
      const { code, output } = await run(line.line);
      const { code: expected, says = '' } = OTHER_ENDS.get(line.line) ?? { code: 0 };
      expect({ code, output }).toEqual({ code: expected, output: expect.stringContaining(says) });
    } finally {
      rmSync(folder, { recursive: true });
      // The next line is to find the values as they were.
      if (['upgrade', 'rollback'].includes(line.args[0]!)) present = 'absent';
    }
  });

  it.each([...OTHER_ENDS.keys()])('%s: is still in the documentation', (line) => {
    expect(lines.map((one) => one.line)).toContain(line);
  });
});
