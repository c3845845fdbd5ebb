import type { Command } from 'commander';

/** Flags that mean this where they stand without a value, as in Helm and kubectl. */
const BARE: ReadonlyMap<string, string> = new Map([
  ['--create-namespace', 'true'],
  ['--dry-run', 'server'],
]);

/**
 * Brings flags from the form of Helm and kubectl to commander's: a flag with an optional value takes one only after `=`, so that in
 * `--dry-run my-release` the name is not taken for it; and a switch may have `=true` or `=false`.
 *
 * @param switches the long names of all flags without a value, such as `--wait`
 */
export function normalizeArguments(args: readonly string[], switches: ReadonlySet<string>): string[] {
  const end = args.indexOf('--');
  return args.flatMap((argument, index) => {
    if (end >= 0 && index > end) return [argument];
    const bare = BARE.get(argument);
    if (bare !== undefined) return [`${argument}=${bare}`];
    const [, name, value] = /^(--[a-z-]+)=(true|false)$/.exec(argument) ?? [];
    if (name === undefined || !switches.has(name)) return [argument];
    if (value === 'true') return [name];
    const negated = `--no-${name.slice(2)}`;
    return switches.has(negated) ? [negated] : [];
  });
}

/** The long names of the flags without a value of the command that a command line calls. */
export function switchesOf(program: Command, args: readonly string[]): Set<string> {
  const command = args.reduce(
    (found, argument) => found.commands.find((child) => [child.name(), ...child.aliases()].includes(argument)) ?? found,
    program,
  );
  const own = command.options.filter(({ required, optional }) => !required && !optional);
  return new Set(own.flatMap(({ long }) => (long === undefined || long === null ? [] : [long])));
}
