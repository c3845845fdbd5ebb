import { Command } from 'commander';
import type { Terminal } from '../../cli/terminal.js';
import { certsRenewCommand } from './renew.js';
import { certsStatusCommand } from './status.js';

const COMMANDS = [certsStatusCommand, certsRenewCommand];

/** The commands for the certificates by which the API server calls the webhooks. */
export function certsCommand(terminal: Terminal): Command {
  const group = new Command('certs').description('Show and renew the certificates of the webhooks');
  for (const create of COMMANDS) group.addCommand(create(terminal));
  return group.addHelpText('after', '\nExamples:\n  kthena certs status\n  kthena certs renew');
}
