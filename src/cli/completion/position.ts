import type { Argument, Command, Option } from 'commander';

/** What stands before the word at the cursor, and what the word itself is. */
export interface Position {
  /** The innermost command that is named. */
  command: Command;
  /** Its arguments so far. */
  args: readonly string[];
  /** The flags so far by their long names, each with its values; a switch has none. */
  flags: ReadonlyMap<string, readonly string[]>;
  wanted:
    | { what: 'command' }
    | { what: 'flag' }
    /** `before` is what stands in front of the value in the same word: `--output=`. */
    | { what: 'value'; option: Option; before: string; text: string }
    | { what: 'argument'; argument: Argument | undefined };
}

/**
 * Reads an unfinished command line as the program would read it.
 *
 * @param words what stands before the cursor, without the program's name
 * @param word what stands at the cursor; may be empty
 */
export function positionOf(program: Command, words: readonly string[], word: string): Position {
  const reading = new Reading(program);
  for (const one of words) reading.take(one);
  return reading.at(word);
}

class Reading {
  #command: Command;
  readonly #args: string[] = [];
  readonly #flags = new Map<string, string[]>();
  #pending: Option | undefined;
  #flagsEnded = false;

  constructor(program: Command) {
    this.#command = program;
  }

  take(word: string): void {
    if (this.#pending !== undefined) {
      this.#note(this.#pending, word);
      this.#pending = undefined;
    } else if (this.#flagsEnded || !word.startsWith('-') || word === '-') {
      this.#takeName(word);
    } else if (word === '--') {
      this.#flagsEnded = true;
    } else {
      this.#takeFlag(word);
    }
  }

  at(word: string): Position {
    return { command: this.#command, args: this.#args, flags: this.#flags, wanted: this.#wantedAt(word) };
  }

  #wantedAt(word: string): Position['wanted'] {
    if (this.#pending !== undefined) return { what: 'value', option: this.#pending, before: '', text: word };
    if (!this.#flagsEnded && word.startsWith('-')) {
      const equals = word.indexOf('=');
      if (equals < 0) return { what: 'flag' };
      const option = this.#optionOf(word.slice(0, equals));
      const before = word.slice(0, equals + 1);
      return option === undefined ? { what: 'flag' } : { what: 'value', option, before, text: word.slice(equals + 1) };
    }
    if (this.#command.commands.length > 0) return { what: 'command' };
    const known = this.#command.registeredArguments;
    const last = known.at(-1);
    return { what: 'argument', argument: known[this.#args.length] ?? (last?.variadic === true ? last : undefined) };
  }

  #takeName(word: string): void {
    const child = this.#command.commands.find((one) => [one.name(), ...one.aliases()].includes(word));
    if (child === undefined) this.#args.push(word);
    else this.#command = child;
  }

  #takeFlag(word: string): void {
    const equals = word.indexOf('=');
    const long = word.startsWith('--');
    const option = this.#optionOf(long ? (equals < 0 ? word : word.slice(0, equals)) : word.slice(0, 2));
    if (option === undefined) return;
    if (long && equals >= 0) this.#note(option, word.slice(equals + 1));
    else if (!long && word.length > 2) this.#note(option, word.slice(2));
    else if (option.required) this.#pending = option;
    else this.#note(option);
  }

  #note(option: Option, ...values: string[]): void {
    const name = nameOf(option);
    this.#flags.set(name, [...(this.#flags.get(name) ?? []), ...values]);
  }

  /** A flag of the command; Helm's second name for one is kept as its short name. */
  #optionOf(name: string): Option | undefined {
    return this.#command.options.find(({ long, short }) => long === name || short === name);
  }
}

export function nameOf({ long, short }: Option): string {
  return long ?? short ?? '';
}
