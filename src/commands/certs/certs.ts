import { Command } from 'commander';
import type { Terminal } from '../../cli/terminal.js';
import { statusCommand } from './status.js';

const COMMANDS = [statusCommand];

/** The commands for the serving certificates of a release. */
export function certsCommand(terminal: Terminal): Command {
  const group = new Command('certs').description("Look after the serving certificates of a release's webhooks");
  for (const create of COMMANDS) group.addCommand(create(terminal));
  return group.addHelpText('after', '\nExamples:\n  kthena certs status\n  kthena certs status my-release -n models');
}
