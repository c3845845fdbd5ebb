import type { Command, Option } from 'commander';
import { behind, startingWith, type Candidate } from './candidate.js';
import type { Names } from './names.js';
import { pathCandidates } from './paths.js';
import { nameOf, positionOf, type Position } from './position.js';
import { openAssignment, valueCandidates } from './value-keys.js';

/** Where candidates that are not part of the program come from. */
export interface Sources {
  cwd: string;
  names(position: Position): Names;
  /** Schema of the values. */
  schema(): Promise<Record<string, unknown>>;
}

/**
 * What can stand at the cursor. What a flag or argument takes is read from its choices or else from its placeholder in the help, so
 * that a new flag `<file>` or `<namespace>` is completed without further ado.
 *
 * @param words what stands before the cursor, without the program's name
 * @param word what stands at the cursor; may be empty
 */
export async function complete(
  program: Command,
  words: readonly string[],
  word: string,
  sources: Sources,
): Promise<Candidate[]> {
  const position = positionOf(program, words, word);
  const { wanted, command } = position;
  switch (wanted.what) {
    case 'command':
      return startingWith(word, commandsOf(command));
    case 'flag':
      return startingWith(word, flagsOf(position));
    case 'value': {
      const { option, before, text } = wanted;
      const taken = { name: placeholderOf(option), choices: option.argChoices };
      return behind(before, await valuesFor(taken, text, position, sources));
    }
    case 'argument': {
      if (wanted.argument === undefined) return [];
      if (command.name() === 'help' && command.parent === program)
        return startingWith(word, commandsOf(namedBy(position.args, program)));
      const taken = { name: wanted.argument.name(), choices: wanted.argument.argChoices };
      return valuesFor(taken, word, position, sources);
    }
  }
}

function commandsOf(command: Command): Candidate[] {
  return command.commands.map((one) => ({ text: one.name(), description: one.description() }));
}

/** The command that `help` is asked for; an argument that is none leads nowhere. */
function namedBy(names: readonly string[], program: Command): Command {
  return names.reduce((command, name) => command.commands.find((one) => one.name() === name) ?? command, program);
}

/** Flags that may still be given: a list more than once, any other only once. */
function flagsOf({ command, flags }: Position): Candidate[] {
  const open = command.options.filter(
    (option) => !option.hidden && (Array.isArray(option.defaultValue) || !flags.has(nameOf(option))),
  );
  return [
    ...open.map((option) => ({ text: nameOf(option), description: option.description })),
    { text: '--help', description: 'display help for command' },
  ];
}

/** `file` of `-f, --values <file>`. */
function placeholderOf({ flags }: Option): string {
  return /[<[]([^>\]]*)[>\]]/.exec(flags)?.[1] ?? '';
}

async function valuesFor(
  { name, choices }: { name: string; choices: readonly string[] | undefined },
  text: string,
  position: Position,
  sources: Sources,
): Promise<Candidate[]> {
  if (choices !== undefined) {
    return startingWith(
      text,
      choices.map((choice) => ({ text: choice })),
    );
  }
  if (name.startsWith('key=')) return assignmentsFor(name, text, sources);
  if (name.startsWith('folder')) return pathCandidates(text, { cwd: sources.cwd, only: 'folder' });
  if (name.startsWith('file')) return pathCandidates(text, sources);
  const names = sources.names(position);
  const kinds: Record<string, () => Promise<Candidate[]>> = {
    boolean: () => Promise.resolve([{ text: 'true' }, { text: 'false' }]),
    context: () => names.contexts(),
    namespace: () => names.namespaces(),
    release: () => names.releases(),
    revision: () => names.revisions(),
    names: () => names.crds(),
    kind: () => names.kinds(),
    template: () => names.templates(),
  };
  const find = kinds[name];
  return find === undefined ? [] : startingWith(text, await find());
}

async function assignmentsFor(name: string, text: string, sources: Sources): Promise<Candidate[]> {
  const assignment = openAssignment(text, name === 'key=value');
  if (name.startsWith('key=path') && assignment.at === 'value')
    return behind(assignment.before, await pathCandidates(assignment.text, sources));
  return valueCandidates(assignment, await sources.schema());
}
