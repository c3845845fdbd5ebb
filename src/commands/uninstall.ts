import { Command } from 'commander';
import {
  addClusterFlags,
  addOutputFlag,
  addReleaseArgument,
  addTimeoutFlag,
  dryRunOption,
  type ClusterFlags,
  type NamespaceFlags,
} from '../cli/flags.js';
import { print, type Terminal } from '../cli/terminal.js';

interface UninstallFlags extends NamespaceFlags, ClusterFlags {
  dryRun: 'none' | 'server';
  keepHistory: boolean;
  ignoreNotFound: boolean;
  deleteNamespace: boolean;
  wait: boolean;
  timeout: number;
  output: 'text' | 'json' | 'yaml';
}

export function uninstallCommand(terminal: Terminal): Command {
  const command = new Command('uninstall').description('Remove a release; CRDs and custom resources stay');
  addReleaseArgument(command)
    .addOption(dryRunOption('show what would be deleted, and delete nothing', ['none', 'server']))
    .option('--keep-history', 'keep the record of the release, as uninstalled', false)
    .option('--ignore-not-found', 'a release that does not exist is no error', false)
    .option('--delete-namespace', 'delete the namespace too, if the install created it and it is empty', false)
    .option('--wait', 'end once every object is gone', false);
  addClusterFlags(addOutputFlag(addTimeoutFlag(command)));
  return command
    .addHelpText(
      'after',
      `
Examples:
  kthena uninstall
  kthena uninstall my-release -n models --wait
  kthena uninstall --dry-run`,
    )
    .action((release: string, flags: UninstallFlags) => runUninstall(terminal, release, flags));
}

async function runUninstall(terminal: Terminal, name: string, flags: UninstallFlags): Promise<void> {
  const [
    { loadBuiltInBundle },
    { uninstall },
    { withCluster },
    { presentUninstall },
    { checkNamespace, checkReleaseName },
  ] = await Promise.all([
    import('../bundle/built-in.js'),
    import('../actions/uninstall.js'),
    import('../cli/session.js'),
    import('../report/uninstall.js'),
    import('../release/names.js'),
  ]);
  const release = { name, namespace: flags.namespace };
  checkReleaseName(name);
  checkNamespace(flags.namespace);
  const bundle = await loadBuiltInBundle();
  const result = await withCluster(terminal, flags, (context) =>
    uninstall(
      bundle,
      {
        release,
        dryRun: flags.dryRun === 'server',
        keepHistory: flags.keepHistory,
        ignoreNotFound: flags.ignoreNotFound,
        deleteNamespace: flags.deleteNamespace,
        wait: flags.wait,
        timeoutMs: flags.timeout,
      },
      context,
    ),
  );
  await print(terminal, presentUninstall(result, flags.output));
}
