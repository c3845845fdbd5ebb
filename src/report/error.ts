import { KthenaError } from '../errors.js';
import type { ChalkInstance } from 'chalk';
import { printable } from './printable.js';

/**
 * An error as the user sees it: what is wrong, each finding on a line, what to do next, and what can be applied. A defect of this tool is shown as one;
 * its stack only with `--debug`.
 */
export function formatError(error: unknown, style: ChalkInstance, debug: boolean): string {
  if (!(error instanceof KthenaError)) return formatDefect(error, style, debug);
  const details = error.details.map((line) => `  ${printable(line).replaceAll('\n', '\n    ')}\n`).join('');
  const hint = error.hint === undefined ? '' : `${style.bold('Hint:')} ${printable(error.hint)}\n`;
  const manifest = error.manifest === undefined ? '' : `\n${printable(error.manifest)}`;
  return `${style.red('Error:')} ${printable(error.message)}\n${details}${hint}${manifest}`;
}

function formatDefect(error: unknown, style: ChalkInstance, debug: boolean): string {
  const message = error instanceof Error ? error.message : String(error);
  const stack = debug && error instanceof Error ? `${error.stack}\n` : '';
  return `${style.red('Error:')} this is a defect of kthena: ${message}\n${stack}${
    debug ? '' : `${style.bold('Hint:')} Run the command again with --debug and report what it prints.\n`
  }`;
}
