import { Command, Option } from 'commander';
import { openBundle } from '../../cli/bundle.js';
import { askYes, canAsk } from '../../cli/confirm.js';
import {
  addBundleFlag,
  addClusterFlags,
  addOutputFlag,
  addTimeoutFlag,
  dryRunOption,
  type BundleFlag,
  type ClusterFlags,
} from '../../cli/flags.js';
import { print, type Terminal } from '../../cli/terminal.js';
import { counted } from '../../crds/counted.js';
import type { CrdUpgrade } from '../../crds/upgrade-plan.js';
import { KthenaError } from '../../errors.js';

interface UpgradeFlags extends BundleFlag, ClusterFlags {
  component?: string;
  dryRun: 'none' | 'server';
  allowBreaking: boolean;
  allowDowngrade: boolean;
  forceConflicts: boolean;
  confirmDataLoss: boolean;
  timeout: number;
  output: 'text' | 'json' | 'yaml';
}

export function upgradeCommand(terminal: Terminal): Command {
  const command = new Command('upgrade')
    .description('Bring CRDs to the form of the bundle, after checking every stored resource')
    .argument('[names...]', 'CRDs to upgrade; all of the bundle where none is named')
    .addOption(
      new Option('--component <component>', 'only the CRDs of this component').choices(['workload', 'networking']),
    )
    .addOption(dryRunOption('show what would change and whom it hits, and change nothing', ['none', 'server']))
    .option('--allow-breaking', 'upgrade although stored resources break, after a backup and a question', false)
    .option('--confirm-data-loss', 'do not ask before a breaking upgrade, where nobody can be asked', false)
    .option('--allow-downgrade', 'replace CRDs that are newer than the bundle', false)
    .option('--force-conflicts', 'take over fields that other managers own', false);
  addClusterFlags(addBundleFlag(addOutputFlag(addTimeoutFlag(command))));
  return command
    .addHelpText(
      'after',
      `
Examples:
  kthena crds upgrade
  kthena crds upgrade --component networking --dry-run
  kthena crds upgrade modelroutes.networking.serving.volcano.sh --allow-breaking`,
    )
    .action((names: string[], flags: UpgradeFlags) => runUpgrade(terminal, names, flags));
}

async function runUpgrade(terminal: Terminal, names: string[], flags: UpgradeFlags): Promise<void> {
  const [{ upgradeCrds }, { bundledCrds }, { backUpBefore }, { withCluster }, { presentCrdsUpgrade, describeBreaks }] =
    await Promise.all([
      import('../../actions/crds-upgrade.js'),
      import('../../actions/bundled-crds.js'),
      import('../../actions/backup-before.js'),
      import('../../cli/session.js'),
      import('../../report/crds-upgrade.js'),
    ]);
  const bundle = await openBundle(terminal, flags);
  const wanted = await bundledCrds(bundle, { names, component: flags.component });
  const result = await withCluster(terminal, flags, (context) =>
    upgradeCrds(
      wanted,
      {
        ...flags,
        timeoutMs: flags.timeout,
        dryRun: flags.dryRun === 'server',
        confirm: async (breaking) => {
          terminal.stderr.write(describeBreaks(breaking));
          await confirmBreaks(terminal, breaking, flags, context.signal);
        },
        // What controllers made stays too, and they do not make it anew.
        backUp: (crds) => backUpBefore(bundle, { crds, file: undefined, children: true }, context),
      },
      context,
    ),
  );
  await print(terminal, presentCrdsUpgrade(result, flags.dryRun === 'server', flags.output));
}

async function confirmBreaks(
  terminal: Terminal,
  breaking: readonly CrdUpgrade[],
  flags: UpgradeFlags,
  signal: AbortSignal,
): Promise<void> {
  if (flags.confirmDataLoss) return;
  const count = breaking.reduce((sum, { affected }) => sum + affected.length, 0);
  if (!canAsk(terminal)) {
    throw new KthenaError('usage', `${counted(count, 'resource')} would break, and nobody can be asked here`, {
      hint: 'Add --confirm-data-loss if that is wanted.',
    });
  }
  if (await askYes(terminal, `Break ${counted(count, 'resource')}?`, signal)) return;
  throw new KthenaError('failed', 'not confirmed; nothing was changed');
}
