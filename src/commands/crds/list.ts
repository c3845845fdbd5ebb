import { Command } from 'commander';
import { openBundle } from '../../cli/bundle.js';
import { addBundleFlag, addClusterFlags, addOutputFlag, type BundleFlag, type ClusterFlags } from '../../cli/flags.js';
import { print, screenWidth, type Terminal } from '../../cli/terminal.js';

interface ListFlags extends BundleFlag, ClusterFlags {
  output: 'table' | 'json' | 'yaml';
}

export function listCommand(terminal: Terminal): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List the CRDs of Kthena in the bundle and in the cluster');
  return addClusterFlags(addBundleFlag(addOutputFlag(command, ['table', 'json', 'yaml'])))
    .addHelpText('after', '\nExamples:\n  kthena crds list\n  kthena crds list -o json')
    .action((flags: ListFlags) => runList(terminal, flags));
}

async function runList(terminal: Terminal, flags: ListFlags): Promise<void> {
  const [{ readInventory }, { withCluster }, { presentInventory }] = await Promise.all([
    import('../../crds/inventory.js'),
    import('../../cli/session.js'),
    import('../../report/crds-list.js'),
  ]);
  const bundled = (await (await openBundle(terminal, flags)).crds()).map(({ object }) => object);
  const entries = await withCluster(terminal, flags, ({ client }) => readInventory(client, bundled));
  await print(terminal, presentInventory(entries, flags.output, screenWidth(terminal)));
}
