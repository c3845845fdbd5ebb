import { Option, type Command } from 'commander';
import { count } from '../../cli/count.js';
import { addReleaseArgument, type ClusterFlags, type NamespaceFlags } from '../../cli/flags.js';
import type { Terminal } from '../../cli/terminal.js';
import type { Release } from '../../release/release.js';

export interface RevisionFlags extends NamespaceFlags, ClusterFlags {
  revision?: number;
}

export function addRevisionArguments(command: Command): Command {
  return addReleaseArgument(command).addOption(
    new Option('--revision <revision>', 'revision to show (default: the newest)').argParser(count),
  );
}

/** The revision that the command line names, as it was recorded. */
export async function readRevision(terminal: Terminal, name: string, flags: RevisionFlags): Promise<Release> {
  const [{ recordedRevision }, { withCluster }, { checkNamespace, checkReleaseName }] = await Promise.all([
    import('../../actions/get.js'),
    import('../../cli/session.js'),
    import('../../release/names.js'),
  ]);
  const release = { name, namespace: flags.namespace };
  checkReleaseName(name);
  checkNamespace(flags.namespace);
  return withCluster(terminal, flags, ({ client }) => recordedRevision(client, release, flags.revision));
}
