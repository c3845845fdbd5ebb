import { Command } from 'commander';
import type { Terminal } from '../../cli/terminal.js';
import { backupCommand } from './backup.js';
import { deleteCommand } from './delete.js';
import { diffCommand } from './diff.js';
import { listCommand } from './list.js';
import { restoreCommand } from './restore.js';
import { upgradeCommand } from './upgrade.js';

const COMMANDS = [listCommand, diffCommand, upgradeCommand, deleteCommand, backupCommand, restoreCommand];

/** The commands for CRDs and the resources of their kinds: everything Helm leaves to `kubectl`. */
export function crdsCommand(terminal: Terminal): Command {
  const group = new Command('crds').description(
    'List, compare, upgrade, delete, back up and restore CRDs and their resources',
  );
  for (const create of COMMANDS) group.addCommand(create(terminal));
  return group.addHelpText(
    'after',
    '\nExamples:\n  kthena crds list\n  kthena crds upgrade --dry-run\n  kthena crds backup',
  );
}
