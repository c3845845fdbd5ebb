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
  postRendererOf,
  switchOption,
  valuesModeOf,
  valuesRequestOf,
  type BundleFlag,
  type ClusterFlags,
  type NamespaceFlags,
  type PostRendererFlags,
  type ReuseFlags,
  type SkipChecksFlag,
  type ValuesFlags,
} from '../cli/flags.js';
import { addTlsFlags, tlsFilesOf, type TlsFileFlags } from '../cli/tls.js';
import { print, stdoutStyle, type Terminal } from '../cli/terminal.js';
import { KthenaError } from '../errors.js';

interface CheckFlags
  extends
    BundleFlag,
    NamespaceFlags,
    ValuesFlags,
    PostRendererFlags,
    TlsFileFlags,
    ReuseFlags,
    SkipChecksFlag,
    ClusterFlags {
  pre: boolean;
  createNamespace: boolean;
  skipCrds: boolean;
  takeOwnership: boolean;
  forceConflicts: boolean;
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
  const release = { name, namespace: flags.namespace };
  const { createNamespace, skipCrds, takeOwnership, forceConflicts, skipChecks } = flags;
  const bundle = await openBundle(terminal, flags, flags.values);
  const tls = await tlsFilesOf(flags);
  const report = await withCluster(terminal, flags, (context) => {
    if (!flags.pre) return checkInstalled(bundle, { release, skipChecks }, context);
    const values = { ...valuesRequestOf(terminal, flags), postRenderer: postRendererOf(flags), tls };
    const policy = { createNamespace, skipCrds, takeOwnership, forceConflicts, skipChecks };
    return checkBefore(bundle, { release, values, mode: valuesModeOf(flags), ...policy }, context);
  });
  await print(terminal, presentCheck(report, stdoutStyle(terminal), flags.output));
  if (report.results.some(({ status }) => status === 'failed')) terminal.exitCode = 1;
}
