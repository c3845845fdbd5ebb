import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../bin/kthena.js', import.meta.url));

export interface Session {
  code: number;
  /** Everything that was on the screen, without what moves the cursor. */
  screen: string;
}

/** util-linux has a `script` that gives a program a terminal; others have one of other flags. */
export const HAS_TERMINAL = process.platform === 'linux';

export interface SessionOptions {
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** What the screen shows once the program asks. */
  question: RegExp;
  answer: string;
  /** 0 for a terminal of unknown size, as under expect or in CI. */
  columns?: number;
}

const ESCAPES = /\u001b\[[\d;?]*[A-Za-z]/g;

/** More than any program has to say; one that says more is ended. */
const MOST_TEXT = 1_000_000;

/**
 * Runs the built program at a terminal, and types the answer with Enter when it asks.
 *
 * @returns the code -1 where it had to be ended
 */
export function runAtTerminal(
  args: readonly string[],
  { env, cwd, question, answer, columns = 120 }: SessionOptions,
): Promise<Session> {
  const program = [process.execPath, PROGRAM, ...args].map((word) => `'${word}'`).join(' ');
  const command = `stty cols ${columns} rows 40; exec ${program}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd, env: { ...env, NO_COLOR: '1', TERM: 'xterm' } });
  let screen = '';
  let answered = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    if (screen.length > MOST_TEXT) child.kill('SIGKILL');
    if (answered || !question.test(screen)) return;
    answered = true;
    child.stdin.write(`${answer}\r`);
  });
  child.stdin.on('error', () => undefined); // the program may end before it is asked anything
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, screen: screen.replaceAll(ESCAPES, '') }));
  });
}
