import { Command } from 'commander';
import {
  addBundleFlag,
  addCheckedValuesFlags,
  addOutputFlag,
  valueFlagsOf,
  type BundleFlag,
  type ValuesFlags,
} from '../cli/flags.js';
import { checkStandardInput } from '../cli/bundle.js';
import { print, warn, type Terminal } from '../cli/terminal.js';

interface PackageFlags extends BundleFlag, Omit<ValuesFlags, 'skipSchemaValidation'> {
  destination: string;
  version?: string;
  appVersion?: string;
  output: 'text' | 'json' | 'yaml';
}

export function packageCommand(terminal: Terminal): Command {
  const command = new Command('package')
    .description('Write a bundle, kthena-<version>.tgz, with other defaults or versions if wanted')
    .option('-d, --destination <folder>', 'folder to write it into', '.')
    .option('--version <version>', 'version of the bundle')
    .option('--app-version <version>', 'version of Kthena that it installs');
  return addOutputFlag(addBundleFlag(addCheckedValuesFlags(command)))
    .addHelpText(
      'after',
      `
Examples:
  kthena package
  kthena package -f values.yaml --version 1.0.0-site.1
  kthena package --bundle my-bundle -o json`,
    )
    .action((flags: PackageFlags) => runPackage(terminal, flags));
}

async function runPackage(terminal: Terminal, flags: PackageFlags): Promise<void> {
  const [{ packageBundle }, { presentPackage }] = await Promise.all([
    import('../actions/package.js'),
    import('../report/bundle.js'),
  ]);
  const { bundle, destination, version, appVersion, output } = flags;
  checkStandardInput(bundle, flags.values);
  const result = await packageBundle({
    bundle,
    stdin: terminal.readStdinBytes,
    destination,
    version,
    appVersion,
    values: valueFlagsOf(flags),
    readStdin: terminal.readStdin,
  });
  warn(terminal, result.warnings);
  await print(terminal, presentPackage(result, output));
}
