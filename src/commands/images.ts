import { Command } from 'commander';
import { openBundle } from '../cli/bundle.js';
import {
  addBundleFlag,
  addOutputFlag,
  addReleaseArgument,
  addValuesFlags,
  valuesRequestOf,
  type BundleFlag,
  type NamespaceFlags,
  type ValuesFlags,
} from '../cli/flags.js';
import { print, warn, type Terminal } from '../cli/terminal.js';

interface ImagesFlags extends BundleFlag, NamespaceFlags, ValuesFlags {
  quiet: boolean;
  output: 'text' | 'json' | 'yaml';
}

export function imagesCommand(terminal: Terminal): Command {
  const command = new Command('images').description(
    'List every image that an install with these values runs, those that its controllers start later included',
  );
  addBundleFlag(addValuesFlags(addReleaseArgument(command))).option(
    '-q, --quiet',
    'print the names alone, one a line',
    false,
  );
  return addOutputFlag(command)
    .addHelpText(
      'after',
      `
Examples:
  kthena images
  kthena images --quiet -f values.yaml
  kthena images --set global.imageRegistry=registry.example.com -o json`,
    )
    .action((name: string, flags: ImagesFlags) => runImages(terminal, name, flags));
}

async function runImages(terminal: Terminal, name: string, flags: ImagesFlags): Promise<void> {
  const [{ prepare }, { listImages }, { presentImages, presentImageNames }] = await Promise.all([
    import('../actions/prepare.js'),
    import('../actions/images.js'),
    import('../report/images.js'),
  ]);
  const release = { name, namespace: flags.namespace };
  const bundle = await openBundle(terminal, flags, flags.values);
  const prepared = await prepare(bundle, {
    release,
    ...valuesRequestOf(terminal, flags),
  });
  const { images, warnings } = listImages(bundle, release, prepared);
  warn(terminal, [...prepared.warnings, ...warnings]);
  await print(terminal, flags.quiet ? presentImageNames(images) : presentImages(images, flags.output));
}
