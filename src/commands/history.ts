import { Command, Option } from 'commander';
import { count } from '../cli/count.js';
import {
  addClusterFlags,
  addOutputFlag,
  addReleaseArgument,
  type ClusterFlags,
  type NamespaceFlags,
} from '../cli/flags.js';
import { print, screenWidth, type Terminal } from '../cli/terminal.js';

interface HistoryFlags extends NamespaceFlags, ClusterFlags {
  max: number;
  output: 'text' | 'json' | 'yaml';
}

export function historyCommand(terminal: Terminal): Command {
  const command = addReleaseArgument(new Command('history'))
    .alias('hist')
    .description('List the revisions of a release, the oldest first')
    .addOption(new Option('--max <number>', 'list only the newest revisions').argParser(count).default(256));
  return addClusterFlags(addOutputFlag(command))
    .addHelpText('after', '\nExamples:\n  kthena history\n  kthena history my-release -n models --max 5 -o json')
    .action((release: string, flags: HistoryFlags) => runHistory(terminal, release, flags));
}

async function runHistory(terminal: Terminal, name: string, flags: HistoryFlags): Promise<void> {
  const [{ releaseHistory }, { withCluster }, { presentHistory }, { checkNamespace, checkReleaseName }] =
    await Promise.all([
      import('../actions/history.js'),
      import('../cli/session.js'),
      import('../report/history.js'),
      import('../release/names.js'),
    ]);
  const release = { name, namespace: flags.namespace };
  checkReleaseName(name);
  checkNamespace(flags.namespace);
  const history = await withCluster(terminal, flags, ({ client }) => releaseHistory(client, release, flags.max));
  await print(terminal, presentHistory(history, flags.output, screenWidth(terminal)));
}
