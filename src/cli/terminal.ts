import type { ChalkInstance } from 'chalk';
import { text as readText } from 'node:stream/consumers';
import type { ProgressReport } from '../report/progress.js';
import { lineProgress } from '../report/progress.js';
import { printable } from '../report/printable.js';
import { styleFor } from '../report/style.js';

/** Where a command reads and writes: results on standard output, everything else on standard error. */
export interface Terminal {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  environment: NodeJS.ProcessEnv;
  readStdin(): Promise<string>;
  /** Standard input piece by piece, for what is not text. */
  readStdinBytes(): AsyncIterable<Buffer>;
  /** What a command that did its work ends with; 0 but for `--exit-code`. */
  exitCode: number;
}

export function processTerminal(): Terminal {
  // `kthena template | head` closes the pipe early: then nobody wants the rest. Losing standard error must not stop an install.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`Error: standard output cannot be written: ${error.message}\n`);
    process.exit(1);
  });
  process.stderr.on('error', () => undefined);
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    readStdin: () => readText(process.stdin),
    readStdinBytes: () => process.stdin,
    exitCode: 0,
  };
}

/** Writes a result; resolves once it is out, so that a large one is not cut off at the end of the process. */
export function print(terminal: Terminal, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    terminal.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

export function warn(terminal: Terminal, messages: readonly string[]): void {
  const style = styleFor(terminal.stderr, terminal.environment);
  for (const message of messages) terminal.stderr.write(style.yellow(`Warning: ${printable(message)}`) + '\n');
}

/** Columns that a result may take; undefined where it does not go to a terminal, and may take any. */
export function screenWidth({ stdout }: Terminal): number | undefined {
  return stdout.isTTY === true && stdout.columns > 0 ? stdout.columns : undefined;
}

export function stdoutStyle(terminal: Terminal): ChalkInstance {
  return styleFor(terminal.stdout, terminal.environment);
}

/** A moving display where a person watches, plain lines elsewhere. */
export async function openProgress(terminal: Terminal): Promise<ProgressReport> {
  const { stderr, environment } = terminal;
  // A terminal without a size, as `script` and `docker exec -t` give one, cannot be moved on.
  const moves =
    stderr.isTTY && stderr.columns > 0 && environment['TERM'] !== 'dumb' && (environment['CI'] ?? '') === '';
  if (!moves) return lineProgress(stderr, environment);
  const { liveProgress } = await import('../report/live-progress.js');
  return liveProgress(stderr, environment);
}
