import type { Bundle } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import type { BundleFlag } from './flags.js';
import type { Terminal } from './terminal.js';

/**
 * The bundle that a command works with: the built-in one, or that of `--bundle`. The code for others is loaded here, since the built-in
 * one never needs it.
 *
 * @param valueFiles what `-f` names
 */
export async function openBundle(
  terminal: Terminal,
  { bundle: reference }: BundleFlag,
  valueFiles: readonly string[] = [],
): Promise<Bundle> {
  if (reference === undefined) return (await import('../bundle/built-in.js')).loadBuiltInBundle();
  checkStandardInput(reference, valueFiles);
  const { openBundle: open } = await import('../actions/open-bundle.js');
  return (await open(reference, terminal.readStdinBytes)).bundle;
}

/** Standard input can be read once. */
export function checkStandardInput(reference: string | undefined, valueFiles: readonly string[]): void {
  if (reference !== '-' || !valueFiles.includes('-')) return;
  throw new KthenaError('usage', '--bundle - and -f - both name standard input, which can be read only once', {
    hint: 'Put one of the two into a file.',
  });
}
