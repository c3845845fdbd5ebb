import { Command } from 'commander';
import { addClusterFlags, addOutputFlag } from '../../cli/flags.js';
import { print, type Terminal } from '../../cli/terminal.js';
import { addRevisionArguments, readRevision, type RevisionFlags } from './revision.js';

interface ValuesFlags extends RevisionFlags {
  all: boolean;
  output: 'yaml' | 'json';
}

export function valuesCommand(terminal: Terminal): Command {
  const command = addRevisionArguments(new Command('values'))
    .description('Print the values that the user set for a release; credentials among them are masked')
    .option('-a, --all', 'print the default values of its version too, with those of the user over them', false);
  return addClusterFlags(addOutputFlag(command, ['yaml', 'json']))
    .addHelpText(
      'after',
      `
Masked are the keys that the schema of the values marks as credentials
(writeOnly), and unknown keys beside them.

Examples:
  kthena get values
  kthena get values my-release -n models --revision 2 --all -o json`,
    )
    .action((release: string, flags: ValuesFlags) => runGetValues(terminal, release, flags));
}

async function runGetValues(terminal: Terminal, name: string, flags: ValuesFlags): Promise<void> {
  const [{ loadBuiltInBundle }, { presentRecordedValues }] = await Promise.all([
    import('../../bundle/built-in.js'),
    import('../../report/get-values.js'),
  ]);
  const release = await readRevision(terminal, name, flags);
  const { schema } = await loadBuiltInBundle();
  await print(terminal, presentRecordedValues(release, schema, { all: flags.all, format: flags.output }));
}
