import { createInterface } from 'node:readline';
import { KthenaError } from '../errors.js';
import type { Terminal } from './terminal.js';

/** True where a person can be asked: both the question and the answer go through a terminal. */
export function canAsk(terminal: Terminal): boolean {
  return process.stdin.isTTY === true && terminal.stderr.isTTY === true;
}

/** Asks for a yes; anything but `y` or `yes` is a no. */
export async function askYes(terminal: Terminal, question: string, signal: AbortSignal): Promise<boolean> {
  return /^y(es)?$/i.test(await ask(terminal, `${question} [y/N] `, signal));
}

/**
 * Asks before a plan that was shown is carried out. Where nobody can be asked there is nobody to protect from a slip, as with Helm.
 *
 * @throws KthenaError `failed` for a no
 */
export async function confirmPlan(
  terminal: Terminal,
  question: string,
  { yes, signal }: { yes: boolean; signal: AbortSignal },
): Promise<void> {
  if (yes || !canAsk(terminal) || (await askYes(terminal, question, signal))) return;
  throw new KthenaError('failed', 'not confirmed; nothing was changed');
}

/** Asks to type a text that cannot be typed by habit; anything else is a no. */
export async function askToType(
  terminal: Terminal,
  question: string,
  expected: string,
  signal: AbortSignal,
): Promise<boolean> {
  return (await ask(terminal, question, signal)) === expected;
}

/**
 * The end of the input (Ctrl-D) is an empty answer.
 *
 * @throws KthenaError `interrupted` at Ctrl-C, of which the question takes notice itself, and where the signal aborts
 */
async function ask(terminal: Terminal, question: string, signal: AbortSignal): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: terminal.stderr });
  const { text, stopped } = await new Promise<{ text?: string; stopped?: true }>((resolve) => {
    const stop = (): void => resolve({ stopped: true });
    signal.addEventListener('abort', stop);
    prompt.once('SIGINT', stop);
    prompt.once('close', () => resolve({}));
    prompt.question(question, (answer) => resolve({ text: answer }));
  });
  prompt.close();
  if (text === undefined) terminal.stderr.write('\n');
  if (stopped) throw new KthenaError('interrupted', 'stopped at the question; nothing was changed');
  return (text ?? '').trim();
}
