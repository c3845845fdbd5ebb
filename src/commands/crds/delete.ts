import { Command } from 'commander';
import type { Census } from '../../crds/census.js';
import { askToType, askYes, canAsk } from '../../cli/confirm.js';
import { addClusterFlags, addOutputFlag, addTimeoutFlag, type ClusterFlags } from '../../cli/flags.js';
import { print, type Terminal } from '../../cli/terminal.js';
import { confirmationFor } from '../../crds/confirmation.js';
import { counted } from '../../crds/counted.js';
import { KthenaError } from '../../errors.js';

interface DeleteFlags extends ClusterFlags {
  backup: boolean;
  backupFile?: string;
  confirmDataLoss: boolean;
  yes: boolean;
  force: boolean;
  timeout: number;
  output: 'text' | 'json' | 'yaml';
}

export function deleteCommand(terminal: Terminal): Command {
  const command = new Command('delete')
    .description('Delete CRDs and every resource of their kinds, after a backup')
    .argument('[names...]', 'CRDs to delete; all of Kthena where none is named')
    .option('--no-backup', 'delete without a backup')
    .option('--backup-file <file>', 'where the backup goes (default: kthena-backup-<time>.yaml.gz in this folder)')
    .option('--confirm-data-loss', 'confirm that the resources will be lost, where nobody can be asked', false)
    .option('-y, --yes', 'do not ask where no resource would be lost', false)
    .option('--force', 'also while a release needs the CRDs', false);
  addClusterFlags(addOutputFlag(addTimeoutFlag(command)));
  return command
    .addHelpText(
      'after',
      `
Examples:
  kthena crds delete
  kthena crds delete modelroutes.networking.serving.volcano.sh --backup-file routes.yaml
  kthena crds delete --confirm-data-loss --no-backup`,
    )
    .action((names: string[], flags: DeleteFlags) => runDelete(terminal, names, flags));
}

async function runDelete(terminal: Terminal, names: string[], flags: DeleteFlags): Promise<void> {
  checkBackupFlags(flags);
  const [
    { loadBuiltInBundle },
    { deleteCrds },
    { backUpBefore },
    { withCluster },
    { presentCrdsDelete, describeLoss },
  ] = await Promise.all([
    import('../../bundle/built-in.js'),
    import('../../actions/crds-delete.js'),
    import('../../actions/backup-before.js'),
    import('../../cli/session.js'),
    import('../../report/crds-delete.js'),
  ]);
  const bundle = await loadBuiltInBundle();
  const result = await withCluster(terminal, flags, (context) =>
    deleteCrds(
      bundle,
      {
        names,
        force: flags.force,
        timeoutMs: flags.timeout,
        confirm: async (census, crds) => {
          terminal.stderr.write(describeLoss(census, crds));
          await confirmLoss(terminal, census, flags, context.signal);
        },
        backUp: flags.backup
          ? (crds) => backUpBefore(bundle, { crds, file: flags.backupFile, children: false }, context)
          : undefined,
      },
      context,
    ),
  );
  await print(terminal, presentCrdsDelete(result, flags.output));
}

function checkBackupFlags({ backup, backupFile }: DeleteFlags): void {
  if (!backup && backupFile !== undefined)
    throw new KthenaError('usage', '--no-backup and --backup-file contradict each other', {
      hint: 'Leave one of them out.',
    });
  if (backupFile === '-')
    throw new KthenaError('usage', '--backup-file - is not a file: standard output has the result', {
      hint: 'Name a file.',
    });
}

const TYPE_NUMBER = 'Type the number of resources that will be lost: ';

async function confirmLoss(
  terminal: Terminal,
  { resources }: Census,
  flags: DeleteFlags,
  signal: AbortSignal,
): Promise<void> {
  const count = resources.length;
  switch (confirmationFor(count, { ...flags, canAsk: canAsk(terminal) })) {
    case 'granted':
      return;
    case 'ask-yes':
      if (await askYes(terminal, 'Delete these CRDs?', signal)) return;
      break;
    case 'type-number':
      if (await askToType(terminal, TYPE_NUMBER, String(count), signal)) return;
      break;
    case 'refused':
      throw new KthenaError(
        'usage',
        count > 0 ? `${counted(count, 'resource')} would be lost` : 'nobody can be asked here',
        {
          hint: count > 0 ? 'Add --confirm-data-loss if that is wanted.' : 'Add --yes.',
        },
      );
  }
  throw new KthenaError('failed', 'not confirmed; nothing was deleted');
}
