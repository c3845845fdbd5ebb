import { Command } from 'commander';
import type { Terminal } from '../../cli/terminal.js';
import { showCommand } from './show.js';

/** The commands for bundles; `kthena package` writes them. */
export function bundleCommand(terminal: Terminal): Command {
  return new Command('bundle')
    .description('Show what is in a bundle')
    .addCommand(showCommand(terminal))
    .addHelpText('after', '\nExamples:\n  kthena bundle show kthena-1.0.0.tgz');
}
