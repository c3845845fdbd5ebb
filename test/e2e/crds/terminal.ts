import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../bin/kthena.js', import.meta.url));

export interface Session {
  code: number;
  /** Everything that was on the screen. */
  screen: string;
}

/** util-linux has a `script` that gives a program a terminal; others have one of other flags. */
export const HAS_TERMINAL = process.platform === 'linux';

/**
 * Runs the built program at a terminal and types an answer to each question, with Enter.
 *
 * @param question what the screen shows once it asks
 */
export function runAtTerminal(
  args: readonly string[],
  { env, cwd, question, answer }: { env: NodeJS.ProcessEnv; cwd: string; question: RegExp; answer: string },
): Promise<Session> {
  const command = [process.execPath, PROGRAM, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd, env: { ...env, NO_COLOR: '1', TERM: 'xterm' } });
  let screen = '';
  let answered = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    if (answered || !question.test(screen)) return;
    answered = true;
    child.stdin.write(`${answer}\r`);
  });
  child.stdin.on('error', () => undefined); // the program may end before it is asked anything
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, screen }));
  });
}
