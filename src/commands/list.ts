import { Command } from 'commander';
import {
  addClusterFlags,
  addOutputFlag,
  DEFAULT_NAMESPACE,
  type ClusterFlags,
  type NamespaceFlags,
} from '../cli/flags.js';
import { print, screenWidth, warn, type Terminal } from '../cli/terminal.js';

interface ListFlags extends NamespaceFlags, ClusterFlags {
  allNamespaces: boolean;
  output: 'table' | 'json' | 'yaml';
}

export function listCommand(terminal: Terminal): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List the releases of Kthena in a namespace, or in all of them')
    .option('-n, --namespace <namespace>', 'namespace to look in', DEFAULT_NAMESPACE)
    .option('-A, --all-namespaces', 'look in all namespaces', false);
  return addClusterFlags(addOutputFlag(command, ['table', 'json', 'yaml']))
    .addHelpText('after', '\nExamples:\n  kthena list\n  kthena list -A -o json')
    .action((flags: ListFlags) => runList(terminal, flags));
}

async function runList(terminal: Terminal, flags: ListFlags): Promise<void> {
  const [{ listReleases }, { isKthenaRelease }, { withCluster }, { presentReleases }, { checkNamespace }] =
    await Promise.all([
      import('../release/list.js'),
      import('../release/release.js'),
      import('../cli/session.js'),
      import('../report/list.js'),
      import('../release/names.js'),
    ]);
  if (!flags.allNamespaces) checkNamespace(flags.namespace);
  const { releases, unreadable } = await withCluster(terminal, flags, ({ client }) =>
    listReleases(client, flags.allNamespaces ? undefined : flags.namespace),
  );
  warn(
    terminal,
    unreadable.map(({ message }) => message),
  );
  await print(terminal, presentReleases(releases.filter(isKthenaRelease), flags.output, screenWidth(terminal)));
}
