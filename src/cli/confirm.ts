import { createInterface } from 'node:readline/promises';
import { KthenaError } from '../errors.js';
import type { Terminal } from './terminal.js';

/** True where a person can be asked: both the question and the answer go through a terminal. */
export function canAsk(terminal: Terminal): boolean {
  return process.stdin.isTTY === true && terminal.stderr.isTTY === true;
}

/** Asks for a yes; anything but `y` or `yes` is a no. */
export async function askYes(terminal: Terminal, question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await ask(terminal, `${question} [y/N] `));
}

/**
 * Asks before a plan that was shown is carried out. Where nobody can be asked there is nobody to protect from a slip, as with Helm.
 *
 * @throws KthenaError `failed` for a no
 */
export async function confirmPlan(terminal: Terminal, question: string, { yes }: { yes: boolean }): Promise<void> {
  if (yes || !canAsk(terminal) || (await askYes(terminal, question))) return;
  throw new KthenaError('failed', 'not confirmed; nothing was changed');
}

/** Asks to type a text that cannot be typed by habit; anything else is a no. */
export async function askToType(terminal: Terminal, question: string, expected: string): Promise<boolean> {
  return (await ask(terminal, question)) === expected;
}

async function ask(terminal: Terminal, question: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: terminal.stderr });
  try {
    return (await prompt.question(question)).trim();
  } finally {
    prompt.close();
  }
}
