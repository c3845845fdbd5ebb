import { Command } from 'commander';
import { addOutputFlag } from '../cli/flags.js';
import { print, type Terminal } from '../cli/terminal.js';
import { VERSION } from '../version.js';

export function versionCommand(terminal: Terminal): Command {
  return addOutputFlag(
    new Command('version').description('Print the version of this tool and of the Kthena it installs'),
  )
    .addHelpText('after', '\nExamples:\n  kthena version\n  kthena version -o json')
    .action((flags: { output: 'text' | 'json' | 'yaml' }) => runVersion(terminal, flags.output));
}

async function runVersion(terminal: Terminal, format: 'text' | 'json' | 'yaml'): Promise<void> {
  const [{ loadBuiltInBundle }, { formatStructured }] = await Promise.all([
    import('../bundle/built-in.js'),
    import('../report/structured.js'),
  ]);
  const { version, appVersion } = await loadBuiltInBundle();
  if (format === 'text') return print(terminal, `kthena ${VERSION}\nKthena ${appVersion} (bundle ${version})\n`);
  await print(terminal, formatStructured({ version: VERSION, bundle: { version, appVersion } }, format));
}
