import { Command } from 'commander';
import {
  addClusterFlags,
  addOutputFlag,
  addReleaseArgument,
  type ClusterFlags,
  type NamespaceFlags,
} from '../cli/flags.js';
import { print, screenWidth, stdoutStyle, type Terminal } from '../cli/terminal.js';

interface StatusFlags extends NamespaceFlags, ClusterFlags {
  output: 'text' | 'json' | 'yaml';
}

export function statusCommand(terminal: Terminal): Command {
  const command = new Command('status').description('Show a release, each of its objects, and why one is not ready');
  return addClusterFlags(addOutputFlag(addReleaseArgument(command)))
    .addHelpText('after', '\nExamples:\n  kthena status\n  kthena status my-release -n models -o json')
    .action((release: string, flags: StatusFlags) => runStatus(terminal, release, flags));
}

async function runStatus(terminal: Terminal, name: string, flags: StatusFlags): Promise<void> {
  const [{ releaseState }, { withCluster }, { presentStatus }, { checkNamespace, checkReleaseName }] =
    await Promise.all([
      import('../actions/status.js'),
      import('../cli/session.js'),
      import('../report/status.js'),
      import('../release/names.js'),
    ]);
  const release = { name, namespace: flags.namespace };
  checkReleaseName(name);
  checkNamespace(flags.namespace);
  const state = await withCluster(terminal, flags, ({ client }) => releaseState(client, release));
  await print(terminal, presentStatus(state, stdoutStyle(terminal), flags.output, screenWidth(terminal)));
}
