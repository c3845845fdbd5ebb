import { Command } from 'commander';
import type { Terminal } from '../../cli/terminal.js';
import { manifestCommand } from './manifest.js';
import { metadataCommand } from './metadata.js';
import { valuesCommand } from './values.js';

const COMMANDS = [valuesCommand, manifestCommand, metadataCommand];

/** The commands for what was recorded of a revision; they show no live object. */
export function getCommand(terminal: Terminal): Command {
  const group = new Command('get').description('Show what was recorded of a release: its values, manifest, metadata');
  for (const create of COMMANDS) group.addCommand(create(terminal));
  return group.addHelpText(
    'after',
    '\nExamples:\n  kthena get values\n  kthena get manifest my-release -n models\n  kthena get metadata --revision 2',
  );
}
