import { Command } from 'commander';
import { addClusterFlags } from '../../cli/flags.js';
import { print, type Terminal } from '../../cli/terminal.js';
import { addRevisionArguments, readRevision, type RevisionFlags } from './revision.js';

export function manifestCommand(terminal: Terminal): Command {
  const command = addRevisionArguments(new Command('manifest')).description(
    'Print the objects of a release as YAML; the content of Secrets is masked',
  );
  return addClusterFlags(command)
    .addHelpText(
      'after',
      `
It is what the revision asked for, without CRDs; masked is every value in
data and stringData of a Secret.

Examples:
  kthena get manifest
  kthena get manifest my-release -n models --revision 2`,
    )
    .action((release: string, flags: RevisionFlags) => runGetManifest(terminal, release, flags));
}

async function runGetManifest(terminal: Terminal, name: string, flags: RevisionFlags): Promise<void> {
  const { presentManifest } = await import('../../report/get-manifest.js');
  await print(terminal, presentManifest(await readRevision(terminal, name, flags)));
}
