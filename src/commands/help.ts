import { Command } from 'commander';
import { print, type Terminal } from '../cli/terminal.js';
import { KthenaError } from '../errors.js';

export function helpCommand(terminal: Terminal): Command {
  return new Command('help')
    .description('Show what a command does, its flags and examples')
    .argument('[command...]', 'command to explain; all of them in short where none is named')
    .addHelpText('after', '\nExamples:\n  kthena help\n  kthena help install\n  kthena help crds upgrade')
    .action((names: string[], _flags: object, command: Command) => runHelp(terminal, names, command.parent!));
}

async function runHelp(terminal: Terminal, names: readonly string[], program: Command): Promise<void> {
  let found = program;
  for (const [index, name] of names.entries()) {
    const child = found.commands.find((one) => one.name() === name || one.aliases().includes(name));
    if (child === undefined) throw await unknownCommand(names.slice(0, index + 1), found);
    found = child;
  }
  await print(terminal, helpOf(found));
}

/** The help with the examples, which commander adds only while it prints. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => void (text += part) });
  command.outputHelp();
  return text;
}

async function unknownCommand(names: readonly string[], around: Command): Promise<KthenaError> {
  const { nearestName } = await import('../lint/nearest.js');
  const known = around.commands.map((one) => one.name());
  const nearest = nearestName(names.at(-1)!, known);
  const above = ['kthena', ...names.slice(0, -1)].join(' ');
  return new KthenaError('usage', `unknown command '${names.join(' ')}'`, {
    hint:
      nearest !== undefined
        ? `Did you mean ${nearest}?`
        : known.length === 0
          ? `${above} has no commands below it.`
          : `${above} --help lists the commands.`,
  });
}
