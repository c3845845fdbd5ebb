import { CommanderError } from 'commander';
import { exitCodeOf, KthenaError } from '../errors.js';
import { formatError } from '../report/error.js';
import { styleFor } from '../report/style.js';
import { normalizeArguments, switchesOf } from './arguments.js';
import { createProgram } from './program.js';
import { COMPLETE } from './completion/protocol.js';
import { processTerminal, type Terminal } from './terminal.js';

/**
 * Runs one command line. This is the only place that catches everything: an error becomes a message on standard error.
 *
 * @param args what follows the program's name
 * @returns the exit code
 */
export async function main(args: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  if (args[0] === COMPLETE) {
    const { answerCompletion } = await import('./completion/answer.js');
    await answerCompletion(args.slice(1), terminal);
    // Whatever hangs is not to keep the prompt waiting.
    process.exit(0);
  }
  try {
    const program = createProgram(terminal);
    await program.parseAsync(normalizeArguments(args, switchesOf(program, args)), { from: 'user' });
    return terminal.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const style = styleFor(terminal.stderr, terminal.environment);
    terminal.stderr.write(formatError(asUsageError(error), style, args.includes('--debug')));
    return exitCodeOf(error);
  }
}

/** Commander's refusals in the form of all others. */
function asUsageError(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  if (error.code === 'commander.help')
    return new KthenaError('usage', 'a command is missing', { hint: 'kthena --help lists the commands.' });
  const [message, ...more] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = more.join(' ').replace(/[()]/g, '').trim();
  return new KthenaError('usage', message!, {
    hint: suggestion === '' ? 'Add --help to see what there is.' : suggestion,
  });
}
