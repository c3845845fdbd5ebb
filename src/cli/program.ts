import { Command, type Option } from 'commander';
import { bugReportCommand } from '../commands/bug-report.js';
import { bundleCommand } from '../commands/bundle/bundle.js';
import { certsCommand } from '../commands/certs/certs.js';
import { checkCommand } from '../commands/check.js';
import { completionCommand } from '../commands/completion.js';
import { crdsCommand } from '../commands/crds/crds.js';
import { diffCommand } from '../commands/diff.js';
import { getCommand } from '../commands/get/get.js';
import { helpCommand } from '../commands/help.js';
import { historyCommand } from '../commands/history.js';
import { imagesCommand } from '../commands/images.js';
import { installCommand } from '../commands/install.js';
import { lintCommand } from '../commands/lint.js';
import { listCommand } from '../commands/list.js';
import { packageCommand } from '../commands/package.js';
import { rollbackCommand } from '../commands/rollback.js';
import { statusCommand } from '../commands/status.js';
import { templateCommand } from '../commands/template.js';
import { uninstallCommand } from '../commands/uninstall.js';
import { upgradeCommand } from '../commands/upgrade.js';
import { valuesCommand } from '../commands/values.js';
import { versionCommand } from '../commands/version.js';
import { VERSION } from '../version.js';
import type { Terminal } from './terminal.js';

const COMMANDS = [
  installCommand,
  upgradeCommand,
  checkCommand,
  diffCommand,
  rollbackCommand,
  statusCommand,
  listCommand,
  historyCommand,
  getCommand,
  uninstallCommand,
  templateCommand,
  valuesCommand,
  lintCommand,
  imagesCommand,
  certsCommand,
  crdsCommand,
  packageCommand,
  bundleCommand,
  bugReportCommand,
  completionCommand,
  versionCommand,
  helpCommand,
];

/** The command line: what there is to call, and nothing of what it does. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('kthena')
    .description('Installs Kthena, the platform that serves large language models, into a Kubernetes cluster')
    .version(VERSION, '-v, --version', 'print the version of this tool')
    // `--version` after `package` is that of the bundle.
    .enablePositionalOptions()
    .addHelpText(
      'after',
      `
Examples:
  kthena install
  kthena status
  kthena install --help`,
    )
    .helpCommand(false)
    .showSuggestionAfterError();
  for (const create of COMMANDS) {
    program.addCommand(create(terminal));
  }
  return configure(program, terminal);
}

/** Commander throws instead of ending the process, and says what is wrong through us. */
function configure(command: Command, terminal: Terminal): Command {
  for (const child of command.commands) configure(child, terminal);
  return command
    .exitOverride()
    .configureHelp({
      optionDescription: describeOption,
      // Its arguments are in its own help; here they leave the descriptions no room.
      subcommandTerm: (child) => [child.name(), ...child.aliases()].join(', '),
    })
    .allowExcessArguments(false)
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      outputError: () => undefined,
    });
}

/** Description, choices and default; a switch that is off and a list that is empty need no saying. */
function describeOption({ description, argChoices, defaultValue, defaultValueDescription }: Option): string {
  const choices = argChoices === undefined ? [] : [`one of ${argChoices.join(', ')}`];
  const isPlain = defaultValue === undefined || defaultValue === false || Array.isArray(defaultValue);
  const standard = isPlain ? [] : [`default ${defaultValueDescription ?? String(defaultValue)}`];
  const more = [...choices, ...standard].join('; ');
  return more === '' ? description : `${description} (${more})`;
}
