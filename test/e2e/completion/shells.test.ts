import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasShell, recordingProgram, SHELLS, typeAt, type Shell } from './shell.js';

let folder: string;
let called: string;

beforeAll(() => {
  ({ folder, called } = recordingProgram());
  mkdirSync(join(folder, 'site'));
  writeFileSync(join(folder, 'site', 'my values.yaml'), '');
  const contexts = ['prod', 'arn:aws:eks:a'].map((name) => ({ name, context: { cluster: 'none' } }));
  writeFileSync(join(folder, 'kubeconfig'), JSON.stringify({ contexts }));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the program is called with after these keys and Enter. */
async function wordsFor(shell: Shell, keys: string): Promise<string[]> {
  rmSync(called, { force: true });
  const env = { ...process.env, PATH: [folder, process.env['PATH']].join(delimiter), KUBECONFIG: 'kubeconfig' };
  const screen = await typeAt(shell, `${keys}\r`, { cwd: folder, env });
  try {
    return readFileSync(called, 'utf8').trimEnd().split('\n');
  } catch {
    throw new Error(`${shell.name} did not run kthena; the screen was:\n${screen}`);
  }
}

describe.each(SHELLS)('in $name', (shell) => {
  const has = hasShell(shell);

  it.runIf(has).each([
    ['kthena inst\t-n x', ['install', '-n', 'x']],
    ['kthena install --set networking.kthenaR\trepl\t3', ['install', '--set', 'networking.kthenaRouter.replicas=3']],
    [
      'kthena install --set a=1,global.certM\tman\t -n x',
      ['install', '--set', 'a=1,global.certManagementMode=manual', '-n', 'x'],
    ],
    ['kthena install --output=j\t', ['install', '--output=json']],
    ['kthena install -f si\tmy\t', ['install', '-f', 'site/my values.yaml']],
    ['kthena status --kube-context arn:aws:\t', ['status', '--kube-context', 'arn:aws:eks:a']],
  ])('%j', async (keys, expected) => {
    expect(await wordsFor(shell, keys)).toEqual(expected);
  });

  it.runIf(has && shell.name === 'bash')('completes within quotes, too', async () => {
    // Readline closes the quotes itself.
    const keys = 'kthena install --set "a=x,networking.kthenaR\tport=1 -f "site/my\t';
    expect(await wordsFor(shell, keys)).toEqual([
      'install',
      '--set',
      'a=x,networking.kthenaRouter.port=1',
      '-f',
      'site/my values.yaml',
    ]);
  });
});
