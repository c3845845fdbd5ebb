import { Command, Option } from 'commander';
import { openBundle } from '../cli/bundle.js';
import { confirmAdoption } from '../cli/confirm-adoption.js';
import { confirmPlan } from '../cli/confirm.js';
import {
  addBundleFlag,
  addClusterFlags,
  addHistoryMaxFlag,
  addOutputFlag,
  addPostRendererFlags,
  addReleaseArgument,
  addReuseFlags,
  addRollbackOnFailureFlag,
  addSkipChecksFlag,
  addTimeoutFlag,
  addValuesFlags,
  dryRunOption,
  switchOption,
  type SkipChecksFlag,
} from '../cli/flags.js';
import { planRequestOf, type PlanFlags } from '../cli/plan-request.js';
import { addTlsFlags } from '../cli/tls.js';
import { print, warn, type Terminal } from '../cli/terminal.js';
import type { ActionContext } from '../actions/context.js';
import type { DeploymentPlan } from '../actions/deployment.js';
import type { PlannedUpgrade, UpgradePlanRequest } from '../actions/upgrade-plan.js';
import type { Bundle } from '../bundle/bundle.js';

interface UpgradeFlags extends PlanFlags, SkipChecksFlag {
  install: boolean;
  continue: boolean;
  createNamespace: boolean;
  dryRun: 'none' | 'server';
  wait: boolean;
  rollbackOnFailure: boolean;
  historyMax: number;
  yes: boolean;
  timeout: number;
  description?: string;
  output: 'text' | 'json' | 'yaml';
}

export function upgradeCommand(terminal: Terminal): Command {
  const command = new Command('upgrade').description('Bring a release to other values or to this version of Kthena');
  addReleaseArgument(command);
  addReuseFlags(addTlsFlags(addPostRendererFlags(addBundleFlag(addValuesFlags(command)))))
    .option('-i, --install', 'install where there is no such release', false)
    .addOption(
      new Option('--continue', 'end an interrupted upgrade with the values it had')
        .default(false)
        .conflicts(['resetValues', 'reuseValues', 'resetThenReuseValues']),
    )
    .addOption(switchOption('--create-namespace', 'with --install, create the namespace', true))
    .option('--skip-crds', 'leave the CRDs alone', false)
    .addOption(dryRunOption('show what would change, and change nothing', ['none', 'server']))
    .option('--take-ownership', 'adopt objects that exist and belong to somebody else', false)
    .option('--force-conflicts', 'take over fields that other field managers own', false)
    .option('-y, --yes', 'do not ask', false)
    .option('--wait', 'wait until everything is ready', true)
    .option('--no-wait', 'end once everything is applied');
  addSkipChecksFlag(command);
  addRollbackOnFailureFlag(command, 'go back to the revision before where it fails');
  addHistoryMaxFlag(addTimeoutFlag(command)).option('--description <text>', 'description of this revision');
  addClusterFlags(addOutputFlag(command));
  return command
    .addHelpText(
      'after',
      `
Examples:
  kthena upgrade
  kthena upgrade --set networking.kthenaRouter.replicas=2 --rollback-on-failure
  kthena upgrade my-release -n models -f values.yaml --reset-values --yes
  kthena upgrade --install`,
    )
    .action((release: string, flags: UpgradeFlags) => runUpgrade(terminal, release, flags));
}

async function runUpgrade(terminal: Terminal, name: string, flags: UpgradeFlags): Promise<void> {
  const [{ planUpgrade }, { withCluster }] = await Promise.all([
    import('../actions/upgrade-plan.js'),
    import('../cli/session.js'),
  ]);
  const bundle = await openBundle(terminal, flags, flags.values);
  const plan = await planRequestOf(terminal, name, flags);
  const request = { ...plan, goOn: flags.continue, orInstall: flags.install };
  const text = await withCluster(terminal, flags, async (context) => {
    const planned = await planUpgrade(bundle, request, context);
    if (planned !== undefined) return upgradeRelease(terminal, bundle, request, planned, flags, context);
    if (flags.install) return installRelease(terminal, bundle, request, flags, context);
    const { notInstalled } = await import('../actions/upgrade.js');
    throw notInstalled(request.release);
  });
  await print(terminal, text);
}

async function upgradeRelease(
  terminal: Terminal,
  bundle: Bundle,
  { release }: UpgradePlanRequest,
  planned: PlannedUpgrade,
  flags: UpgradeFlags,
  context: ActionContext,
): Promise<string> {
  const [{ upgrade }, { planText }, { carriedText }, { presentUpgrade }] = await Promise.all([
    import('../actions/upgrade.js'),
    import('../report/plan.js'),
    import('../report/carried.js'),
    import('../report/upgrade.js'),
  ]);
  const { start, prepared, plan } = planned;
  warn(terminal, [...(start.remark === undefined ? [] : [start.remark]), ...prepared.warnings]);
  terminal.stderr.write(carriedText(prepared.carried, bundle.schema));
  const result = await upgrade(
    bundle,
    planned,
    {
      ...optionsOf(flags),
      release,
      showPlan: () => void terminal.stderr.write(planText({ release, plan })),
      confirm: () =>
        confirmPlan(terminal, `Upgrade release ${release.name} in namespace ${release.namespace}?`, {
          yes: flags.yes,
          signal: context.signal,
        }),
    },
    context,
  );
  return presentUpgrade(result, bundle.appVersion, flags.output);
}

async function installRelease(
  terminal: Terminal,
  bundle: Bundle,
  { release, values }: UpgradePlanRequest,
  flags: UpgradeFlags,
  context: ActionContext,
): Promise<string> {
  const [{ prepare }, { install }, { presentInstall }] = await Promise.all([
    import('../actions/prepare.js'),
    import('../actions/install.js'),
    import('../report/install.js'),
  ]);
  const prepared = await prepare(bundle, { release, ...values, signal: context.signal });
  warn(terminal, prepared.warnings);
  const request = {
    ...optionsOf(flags),
    release,
    createNamespace: flags.createNamespace,
    confirmAdoption: (plan: DeploymentPlan) =>
      confirmAdoption(terminal, { release, plan }, { yes: flags.yes, signal: context.signal }),
  };
  const result = await install(bundle, prepared, request, context);
  return presentInstall(result, bundle.appVersion, flags.output);
}

/** What install and upgrade have in common. */
function optionsOf(flags: UpgradeFlags) {
  const { skipCrds, skipChecks, takeOwnership, forceConflicts, rollbackOnFailure, description } = flags;
  return {
    dryRun: flags.dryRun === 'server',
    skipCrds,
    skipChecks,
    takeOwnership,
    forceConflicts,
    wait: flags.wait || rollbackOnFailure,
    timeoutMs: flags.timeout,
    historyMax: flags.historyMax,
    rollbackOnFailure,
    ...(description === undefined ? {} : { description }),
  };
}
