import { Command } from 'commander';
import { openBundle } from '../cli/bundle.js';
import {
  addBundleFlag,
  addClusterFlags,
  addOutputFlag,
  addPostRendererFlags,
  addReleaseArgument,
  addRollbackOnFailureFlag,
  addSkipChecksFlag,
  addTimeoutFlag,
  addValuesFlags,
  HISTORY_MAX,
  dryRunOption,
  switchOption,
  type BundleFlag,
  type ClusterFlags,
  type NamespaceFlags,
  type PostRendererFlags,
  type SkipChecksFlag,
  type ValuesFlags,
} from '../cli/flags.js';
import { confirmAdoption } from '../cli/confirm-adoption.js';
import { addTlsFlags, type TlsFileFlags } from '../cli/tls.js';
import { print, warn, type Terminal } from '../cli/terminal.js';

interface InstallFlags
  extends BundleFlag, NamespaceFlags, ValuesFlags, PostRendererFlags, TlsFileFlags, SkipChecksFlag, ClusterFlags {
  createNamespace: boolean;
  skipCrds: boolean;
  dryRun: 'none' | 'client' | 'server';
  takeOwnership: boolean;
  forceConflicts: boolean;
  wait: boolean;
  rollbackOnFailure: boolean;
  timeout: number;
  yes: boolean;
  description?: string;
  output: 'text' | 'json' | 'yaml';
}

export function installCommand(terminal: Terminal): Command {
  const command = new Command('install').description('Install Kthena into a cluster, and wait until it is ready');
  addReleaseArgument(command);
  addTlsFlags(addPostRendererFlags(addBundleFlag(addValuesFlags(command))));
  command
    .addOption(switchOption('--create-namespace', 'create the namespace where it does not exist', true))
    .option('--skip-crds', 'leave the CRDs alone', false)
    .addOption(
      dryRunOption('store nothing: let the server try everything, or ask no cluster', ['none', 'server', 'client']),
    )
    .option('--take-ownership', 'adopt objects that exist and belong to somebody else', false)
    .option('-y, --yes', 'do not ask before objects of others are adopted', false)
    .option('--force-conflicts', 'take over fields that other field managers own', false)
    .option('--wait', 'wait until everything is ready', true)
    .option('--no-wait', 'end once everything is applied');
  addSkipChecksFlag(command);
  addRollbackOnFailureFlag(command, 'remove everything again where it fails');
  addTimeoutFlag(command).option('--description <text>', 'description of this revision');
  addClusterFlags(addOutputFlag(command));
  return command
    .addHelpText(
      'after',
      `
Examples:
  kthena install
  kthena install --set networking.enabled=false
  kthena install my-release -n models -f values.yaml --timeout 10m
  kthena install --dry-run`,
    )
    .action((release: string, flags: InstallFlags) => runInstall(terminal, release, flags));
}

async function runInstall(terminal: Terminal, name: string, flags: InstallFlags): Promise<void> {
  const [{ prepareWith }] = await Promise.all([import('../cli/prepare.js')]);
  const release = { name, namespace: flags.namespace };
  const bundle = await openBundle(terminal, flags, flags.values);
  const prepared = await prepareWith(terminal, bundle, release, flags);
  warn(terminal, prepared.warnings);
  const { presentClientDryRun, presentInstall } = await import('../report/install.js');
  if (flags.dryRun === 'client') {
    await print(terminal, presentClientDryRun(bundle.name, release, prepared.rendering.objects, flags.output));
    return;
  }
  const [{ install }, { withCluster }] = await Promise.all([
    import('../actions/install.js'),
    import('../cli/session.js'),
  ]);
  const result = await withCluster(terminal, flags, (context) =>
    install(
      bundle,
      prepared,
      {
        release,
        createNamespace: flags.createNamespace,
        skipCrds: flags.skipCrds,
        dryRun: flags.dryRun === 'server',
        takeOwnership: flags.takeOwnership,
        forceConflicts: flags.forceConflicts,
        wait: flags.wait || flags.rollbackOnFailure,
        rollbackOnFailure: flags.rollbackOnFailure,
        skipChecks: flags.skipChecks,
        confirmAdoption: (plan) => confirmAdoption(terminal, { release, plan }, { ...flags, signal: context.signal }),
        timeoutMs: flags.timeout,
        historyMax: HISTORY_MAX,
        ...(flags.description === undefined ? {} : { description: flags.description }),
      },
      context,
    ),
  );
  await print(terminal, presentInstall(result, bundle.appVersion, flags.output));
}
