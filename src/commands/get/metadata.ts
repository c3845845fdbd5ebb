import { Command } from 'commander';
import { addClusterFlags, addOutputFlag } from '../../cli/flags.js';
import { print, stdoutStyle, type Terminal } from '../../cli/terminal.js';
import { addRevisionArguments, readRevision, type RevisionFlags } from './revision.js';

interface MetadataFlags extends RevisionFlags {
  output: 'text' | 'json' | 'yaml';
}

export function metadataCommand(terminal: Terminal): Command {
  const command = addRevisionArguments(new Command('metadata')).description(
    'Show the version, status and time of a release, and which tool made it',
  );
  return addClusterFlags(addOutputFlag(command))
    .addHelpText(
      'after',
      '\nExamples:\n  kthena get metadata\n  kthena get metadata my-release -n models --revision 2 -o json',
    )
    .action((release: string, flags: MetadataFlags) => runGetMetadata(terminal, release, flags));
}

async function runGetMetadata(terminal: Terminal, name: string, flags: MetadataFlags): Promise<void> {
  const { presentMetadata } = await import('../../report/get-metadata.js');
  const release = await readRevision(terminal, name, flags);
  await print(terminal, presentMetadata(release, stdoutStyle(terminal), flags.output));
}
