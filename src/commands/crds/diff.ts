import { Command } from 'commander';
import { openBundle } from '../../cli/bundle.js';
import { addBundleFlag, addClusterFlags, addOutputFlag, type BundleFlag, type ClusterFlags } from '../../cli/flags.js';
import { print, type Terminal } from '../../cli/terminal.js';

interface DiffFlags extends BundleFlag, ClusterFlags {
  exitCode: boolean;
  output: 'text' | 'json' | 'yaml';
}

export function diffCommand(terminal: Terminal): Command {
  const command = new Command('diff')
    .description('Show what an upgrade of CRDs would change, how safe that is, and whom it hits')
    .argument('[names...]', 'CRDs to compare; all of the bundle where none is named')
    .option('--exit-code', 'end with 2 where there are changes', false);
  return addClusterFlags(addBundleFlag(addOutputFlag(command)))
    .addHelpText(
      'after',
      '\nExamples:\n  kthena crds diff\n  kthena crds diff modelservings.workload.serving.volcano.sh --exit-code',
    )
    .action((names: string[], flags: DiffFlags) => runDiff(terminal, names, flags));
}

async function runDiff(terminal: Terminal, names: string[], flags: DiffFlags): Promise<void> {
  const [
    { bundledCrds },
    { planUpgrades },
    { checkReadable },
    { withCluster },
    { presentCrdsDiff },
    { FIELD_MANAGER },
  ] = await Promise.all([
    import('../../actions/bundled-crds.js'),
    import('../../crds/upgrade-plan.js'),
    import('../../crds/upgrade-check.js'),
    import('../../cli/session.js'),
    import('../../report/crds-upgrade.js'),
    import('../../actions/context.js'),
  ]);
  const wanted = await bundledCrds(await openBundle(terminal, flags), { names });
  const upgrades = await withCluster(terminal, flags, ({ client }) =>
    planUpgrades(client, wanted, { fieldManager: FIELD_MANAGER, forceConflicts: false }),
  );
  checkReadable(upgrades);
  await print(terminal, presentCrdsDiff(upgrades, flags.output));
  const differs = upgrades.some(({ installed, changes }) => installed === undefined || changes.length > 0);
  if (flags.exitCode && differs) terminal.exitCode = 2;
}
