import { Command } from 'commander';
import { openBundle } from '../cli/bundle.js';
import {
  addBundleFlag,
  addClusterFlags,
  addOutputFlag,
  addPostRendererFlags,
  addReleaseArgument,
  addReuseFlags,
  addSkipChecksFlag,
  addValuesFlags,
  switchOption,
  type SkipChecksFlag,
} from '../cli/flags.js';
import { planRequestOf, type PlanFlags } from '../cli/plan-request.js';
import { addTlsFlags } from '../cli/tls.js';
import { print, stdoutStyle, type Terminal } from '../cli/terminal.js';
import { KthenaError } from '../errors.js';

interface CheckFlags extends PlanFlags, SkipChecksFlag {
  pre: boolean;
  createNamespace: boolean;
  output: 'text' | 'json' | 'yaml';
}

export function checkCommand(terminal: Terminal): Command {
  const command = new Command('check').description(
    'Check a release and the cluster around it, or with --pre whether an install or upgrade would succeed',
  );
  addReleaseArgument(command).option('--pre', 'check before an install or upgrade with these values', false);
  addSkipChecksFlag(command);
  const general = new Set(command.options);
  addReuseFlags(addTlsFlags(addPostRendererFlags(addValuesFlags(command))))
    .addOption(switchOption('--create-namespace', 'the namespace is created where it does not exist', true))
    .option('--skip-crds', 'leave the CRDs out', false)
    .option('--take-ownership', 'as if objects of others were adopted', false)
    .option('--force-conflicts', 'as if fields of other field managers were taken over', false);
  const onlyBefore = command.options.filter((option) => !general.has(option));
  addBundleFlag(command);
  return addClusterFlags(addOutputFlag(command))
    .addHelpText(
      'after',
      `
An error ends the command with exit code 1, a warning does not.

Examples:
  kthena check
  kthena check --pre
  kthena check --pre my-release -n models -f values.yaml
  kthena check --skip-checks=redis,admission -o json`,
    )
    .action((release: string, flags: CheckFlags) => {
      const given = onlyBefore.find((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
      if (!flags.pre && given !== undefined) throw onlyWithPre(given.long ?? given.flags);
      return runCheck(terminal, release, flags);
    });
}

/** A release that is installed is checked with the values that it was installed with. */
function onlyWithPre(flag: string): KthenaError {
  return new KthenaError('usage', `${flag} is only for --pre: what is installed is checked as it is`, {
    hint: 'Add --pre to check before an install or upgrade.',
  });
}

async function runCheck(terminal: Terminal, name: string, flags: CheckFlags): Promise<void> {
  const [{ checkBefore, checkInstalled }, { withCluster }, { presentCheck }, { checkNamespace, checkReleaseName }] =
    await Promise.all([
      import('../actions/check.js'),
      import('../cli/session.js'),
      import('../report/check.js'),
      import('../release/names.js'),
    ]);
  checkReleaseName(name);
  checkNamespace(flags.namespace);
  const { createNamespace, skipChecks } = flags;
  const bundle = await openBundle(terminal, flags, flags.values);
  const request = await planRequestOf(terminal, name, flags);
  const report = await withCluster(terminal, flags, (context) =>
    flags.pre
      ? checkBefore(bundle, { ...request, createNamespace, skipChecks }, context)
      : checkInstalled(bundle, { release: request.release, skipChecks }, context),
  );
  await print(terminal, presentCheck(report, stdoutStyle(terminal), flags.output));
  if (report.results.some(({ status }) => status === 'failed')) terminal.exitCode = 1;
}
