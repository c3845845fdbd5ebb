import { Command } from 'commander';
import { openBundle } from '../cli/bundle.js';
import { confirmPlan } from '../cli/confirm.js';
import { count } from '../cli/count.js';
import {
  addBundleFlag,
  addClusterFlags,
  addHistoryMaxFlag,
  addOutputFlag,
  addReleaseArgument,
  addTimeoutFlag,
  dryRunOption,
  type BundleFlag,
  type ClusterFlags,
  type NamespaceFlags,
} from '../cli/flags.js';
import { print, type Terminal } from '../cli/terminal.js';

interface RollbackFlags extends BundleFlag, NamespaceFlags, ClusterFlags {
  dryRun: 'none' | 'server';
  forceConflicts: boolean;
  allowDowngrade: boolean;
  wait: boolean;
  historyMax: number;
  yes: boolean;
  timeout: number;
  description?: string;
  output: 'text' | 'json' | 'yaml';
}

export function rollbackCommand(terminal: Terminal): Command {
  const command = new Command('rollback').description('Bring an earlier revision of a release back; CRDs stay');
  addReleaseArgument(command)
    .argument('[revision]', 'number of the revision; the one deployed before where it is left out', count)
    .addOption(dryRunOption('show what would change, and change nothing', ['none', 'server']))
    .option('--force-conflicts', 'take over fields that other field managers own', false)
    .option('--allow-downgrade', 'bring back older CRDs too', false)
    .option('-y, --yes', 'do not ask', false)
    .option('--wait', 'wait until everything is ready', true)
    .option('--no-wait', 'end once everything is applied');
  addHistoryMaxFlag(addTimeoutFlag(command)).option('--description <text>', 'description of the new revision');
  return addClusterFlags(addBundleFlag(addOutputFlag(command)))
    .addHelpText('after', '\nExamples:\n  kthena rollback\n  kthena rollback kthena 2 --yes\n  kthena history')
    .action((release: string, revision: number | undefined, flags: RollbackFlags) =>
      runRollback(terminal, release, revision, flags),
    );
}

async function runRollback(
  terminal: Terminal,
  name: string,
  revision: number | undefined,
  flags: RollbackFlags,
): Promise<void> {
  const [{ rollback }, { withCluster }, { presentRollback }, { planText }] = await Promise.all([
    import('../actions/rollback.js'),
    import('../cli/session.js'),
    import('../report/upgrade.js'),
    import('../report/plan.js'),
  ]);
  const release = { name, namespace: flags.namespace };
  const bundle = await openBundle(terminal, flags);
  const { forceConflicts, allowDowngrade, wait, historyMax, description } = flags;
  const result = await withCluster(terminal, flags, (context) =>
    rollback(
      bundle,
      {
        release,
        revision,
        dryRun: flags.dryRun === 'server',
        forceConflicts,
        allowDowngrade,
        wait,
        timeoutMs: flags.timeout,
        historyMax,
        ...(description === undefined ? {} : { description }),
        showPlan: (plan) => void terminal.stderr.write(planText({ release, plan })),
        confirm: (target) =>
          confirmPlan(terminal, `Roll release ${name} back to revision ${target}?`, {
            yes: flags.yes,
            signal: context.signal,
          }),
      },
      context,
    ),
  );
  await print(terminal, presentRollback(result, flags.output));
}
