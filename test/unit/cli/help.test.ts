import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../src/cli/program.js';
import type { Terminal } from '../../../src/cli/terminal.js';

/** The help of a command as a terminal of 80 columns gets it. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => void (text += part), getOutHelpWidth: () => 80 });
  command.outputHelp();
  return text;
}

function all(command: Command): Command[] {
  return [command, ...command.commands.flatMap(all)];
}

const stream = { write: () => true };
const program = createProgram({ stdout: stream, stderr: stream, environment: {} } as unknown as Terminal);

describe.each(all(program).map((command) => [command.name(), command] as const))('the help of %s', (_, command) => {
  const text = helpOf(command);

  it('has examples', () => {
    expect(text).toMatch(/\nExamples:\n {2}kthena/);
  });

  it('fits into 80 columns, but for command lines', () => {
    const long = text.split('\n').filter((line) => line.length > 80 && !line.startsWith('  kthena '));
    expect(long).toEqual([]);
  });
});
