import { Command } from 'commander';
import { addClusterFlags, addOutputFlag, dryRunOption, switchOption, type ClusterFlags } from '../../cli/flags.js';
import { print, type Terminal } from '../../cli/terminal.js';
import { KthenaError } from '../../errors.js';

interface RestoreFlags extends ClusterFlags {
  dryRun: 'none' | 'server';
  createNamespace: boolean;
  allowEdited: boolean;
  dropUnknownFields: boolean;
  output: 'text' | 'json' | 'yaml';
}

export function restoreCommand(terminal: Terminal): Command {
  const command = new Command('restore')
    .description('Bring the custom resources of a backup back, with their status; existing ones stay as they are')
    .argument('<file>', 'backup made by kthena crds backup')
    .addOption(dryRunOption('let the server check every resource, and store none', ['none', 'server']))
    .addOption(switchOption('--create-namespace', 'create namespaces that do not exist', false))
    .option('--allow-edited', 'accept a file that was changed since it was made', false)
    .option('--drop-unknown-fields', 'restore resources without the fields that their CRD has no more', false);
  return addClusterFlags(addOutputFlag(command))
    .addHelpText(
      'after',
      `
Run it again after an interruption: it goes on where it was. What the
cluster refuses is listed and written to <file>.refused.yaml, which can be
mended and restored.

Examples:
  kthena crds restore kthena-backup-20260131T120000000Z.yaml.gz
  kthena crds restore routes.yaml --dry-run
  kthena crds restore routes.refused.yaml --allow-edited`,
    )
    .action((file: string, flags: RestoreFlags) => runRestore(terminal, file, flags));
}

async function runRestore(terminal: Terminal, file: string, flags: RestoreFlags): Promise<void> {
  const [{ loadBuiltInBundle }, { restore }, { withCluster }, { presentRestore, unrestored }] = await Promise.all([
    import('../../bundle/built-in.js'),
    import('../../actions/restore.js'),
    import('../../cli/session.js'),
    import('../../report/restore.js'),
  ]);
  const bundle = await loadBuiltInBundle();
  const result = await withCluster(terminal, flags, (context) =>
    restore(
      bundle,
      {
        file,
        dryRun: flags.dryRun === 'server',
        allowEdited: flags.allowEdited,
        dropUnknownFields: flags.dropUnknownFields,
        createNamespaces: flags.createNamespace,
      },
      context,
    ),
  );
  await print(terminal, presentRestore(result, flags.output));
  const count = unrestored(result);
  if (count > 0) {
    throw new KthenaError('failed', `${count} ${count === 1 ? 'resource was' : 'resources were'} not restored`, {
      hint: 'The list above says why.',
    });
  }
}
