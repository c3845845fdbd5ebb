/** Flags that mean this where they stand without a value, as in Helm and kubectl. */
const BARE: ReadonlyMap<string, string> = new Map([
  ['--create-namespace', 'true'],
  ['--dry-run', 'server'],
]);

/**
 * Gives bare flags their value: so that in `--dry-run my-release` the name is not taken for it. Helm's and kubectl's flags with an
 * optional value take one only after `=`.
 */
export function normalizeArguments(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  return args.map((argument, index) => {
    const value = end >= 0 && index > end ? undefined : BARE.get(argument);
    return value === undefined ? argument : `${argument}=${value}`;
  });
}
