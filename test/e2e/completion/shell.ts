import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../bin/kthena.js', import.meta.url));
const SCRIPTS = fileURLToPath(new URL('../../../src/cli/completion/shells/', import.meta.url));

export interface Shell {
  name: 'bash' | 'zsh' | 'fish';
  /** What starts it with the completion and nothing else of the machine's. */
  start: string;
}

export const SHELLS: readonly Shell[] = [
  { name: 'bash', start: `bash --noprofile --rcfile '${SCRIPTS}kthena.bash' -i` },
  {
    name: 'zsh',
    start: `zsh -f -i -c 'autoload -Uz compinit; compinit -u; source ${SCRIPTS}kthena.zsh; exec zsh -f -i'`,
  },
  { name: 'fish', start: `fish --no-config -i -C 'source ${SCRIPTS}kthena.fish'` },
];

/** Whether this machine has the shell, and util-linux' `script` to give it a terminal. */
export function hasShell({ name }: Shell): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${name} script`], { stdio: 'pipe' });
    return process.platform === 'linux';
  } catch {
    return false;
  }
}

/**
 * A folder with a `kthena` that completes as the real one does, and for any other command line writes what it was called with.
 */
export function recordingProgram(): { folder: string; called: string } {
  const folder = mkdtempSync(join(tmpdir(), 'kthena-shell-'));
  const called = join(folder, 'called');
  const program = [
    '#!/bin/sh',
    `[ "$1" != __complete ] || exec '${process.execPath}' '${PROGRAM}' "$@"`,
    `for word; do printf '%s\\n' "$word"; done > '${called}'`,
  ];
  writeFileSync(join(folder, 'kthena'), `${program.join('\n')}\n`);
  chmodSync(join(folder, 'kthena'), 0o755);
  return { folder, called };
}

/** How long a shell gets for what follows a key. */
const PAUSE_MS = 900;

/**
 * Types lines at a shell, as a person does: after each Tab it waits for the answer.
 *
 * @returns everything that was on the screen
 */
export function typeAt(
  shell: Shell,
  keys: string,
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<string> {
  const child = spawn('script', ['-qec', `stty cols 200 rows 40; ${shell.start}`, '/dev/null'], { cwd, env });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text));
  child.stdin.on('error', () => undefined); // it may have ended
  const parts = [...keys.matchAll(/[^\t]*\t?/g)].map(([part]) => part).filter((part) => part !== '');
  const type = async (): Promise<void> => {
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    await pause();
    for (const part of parts) {
      child.stdin.write(part);
      await pause();
    }
    // Ctrl-U takes away what was not entered. Ctrl-C would take what follows it, too.
    child.stdin.write('\u0015exit\r');
    await pause();
    child.kill('SIGKILL');
  };
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(screen));
    void type();
  });
}
