import { Command } from 'commander';
import { addOutputFlag } from '../../cli/flags.js';
import { print, type Terminal } from '../../cli/terminal.js';

type OutputFormat = 'text' | 'json' | 'yaml';

export function showCommand(terminal: Terminal): Command {
  const command = new Command('show')
    .description('Check a bundle and show its versions, components, CRDs, kinds and templates')
    .argument('<bundle>', 'a .tgz, a folder, or - (standard input)');
  return addOutputFlag(command)
    .addHelpText('after', '\nExamples:\n  kthena bundle show kthena-1.0.0.tgz\n  kthena bundle show my-bundle -o json')
    .action((reference: string, flags: { output: OutputFormat }) => runShow(terminal, reference, flags.output));
}

async function runShow(terminal: Terminal, reference: string, format: OutputFormat): Promise<void> {
  const [{ openBundle }, { presentBundle }] = await Promise.all([
    import('../../actions/open-bundle.js'),
    import('../../report/bundle.js'),
  ]);
  await print(terminal, presentBundle(await openBundle(reference, terminal.readStdinBytes), format));
}
