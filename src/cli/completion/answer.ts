import { createProgram } from '../program.js';
import type { Terminal } from '../terminal.js';
import { printCandidates, type Candidate } from './candidate.js';
import { complete } from './complete.js';
import { namesFor } from './names.js';

/** Somebody waits at the prompt: a cluster that takes longer has no names to give. */
const PATIENCE_MS = 1000;

/**
 * Prints what can stand at the cursor. Whatever goes wrong, there is just nothing: a message would garble the prompt.
 *
 * @param args the words before the cursor, then the one at the cursor with a colon before it, as PowerShell drops empty arguments
 */
export async function answerCompletion(args: readonly string[], terminal: Terminal): Promise<void> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  const givenUp = new Promise<Candidate[]>((resolve) => {
    patience.signal.addEventListener('abort', () => resolve([]));
  });
  const found = candidatesFor(args, terminal, patience.signal).catch(() => []);
  const candidates = await Promise.race([found, givenUp]);
  clearTimeout(timer);
  await new Promise((resolve) => terminal.stdout.write(printCandidates(candidates), resolve));
  patience.abort();
}

async function candidatesFor(args: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<Candidate[]> {
  const word = (args.at(-1) ?? '').replace(/^:/, '');
  return complete(createProgram(terminal), args.slice(0, -1), word, {
    cwd: process.cwd(),
    names: (position) => namesFor(position, terminal.environment, signal),
    schema: async () => {
      const { loadBuiltInBundle } = await import('../../bundle/built-in.js');
      return (await loadBuiltInBundle()).schema;
    },
  });
}
