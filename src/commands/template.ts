import { Command, Option } from 'commander';
import { openBundle } from '../cli/bundle.js';
import {
  addBundleFlag,
  addClusterFlags,
  addPostRendererFlags,
  addReleaseArgument,
  addValuesFlags,
  type BundleFlag,
  type ClusterFlags,
  type NamespaceFlags,
  type PostRendererFlags,
  type ValuesFlags,
} from '../cli/flags.js';
import { print, warn, type Terminal } from '../cli/terminal.js';

interface TemplateFlags extends BundleFlag, NamespaceFlags, ValuesFlags, PostRendererFlags, ClusterFlags {
  includeCrds: boolean;
  showOnly: string[];
  outputDir?: string;
  output: 'yaml' | 'json';
  validate: boolean;
}

export function templateCommand(terminal: Terminal): Command {
  const command = new Command('template').description('Print the objects of an install, without a cluster');
  addReleaseArgument(command);
  addPostRendererFlags(addBundleFlag(addValuesFlags(command)));
  command
    .option('--include-crds', 'print the CRDs too, before the objects', false)
    .addOption(
      new Option(
        '-s, --show-only <template>',
        'print only what comes from these templates, such as manifests/networking/*.yaml (repeatable)',
      )
        .default([], 'all')
        .argParser((value: string, all: string[]) => [...all, value]),
    )
    .option(
      '--output-dir <folder>',
      'write a file for each template and a kustomization.yaml into this folder instead of printing',
    )
    .addOption(new Option('-o, --output <format>', 'format of the output').choices(['yaml', 'json']).default('yaml'))
    .option('--validate', 'let the cluster try every object (server-side dry run)', false);
  return addClusterFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  kthena template
  kthena template my-release -n models --include-crds > install.yaml
  kthena template -s manifests/networking/deployment.yaml --set networking.kthenaRouter.replicas=3`,
    )
    .action((release: string, flags: TemplateFlags) => runTemplate(terminal, release, flags));
}

async function runTemplate(terminal: Terminal, name: string, flags: TemplateFlags): Promise<void> {
  const [{ prepareWith }, { collectDocuments, printDocuments }] = await Promise.all([
    import('../cli/prepare.js'),
    import('../actions/template.js'),
  ]);
  const release = { name, namespace: flags.namespace };
  const bundle = await openBundle(terminal, flags, flags.values);
  const { rendering, values, warnings } = await prepareWith(terminal, bundle, release, flags);
  warn(terminal, warnings);
  if (flags.debug) await showValues(terminal, values, bundle.schema);
  const documents = await collectDocuments(bundle, rendering, {
    includeCrds: flags.includeCrds,
    showOnly: flags.showOnly,
  });
  if (flags.validate) {
    const [{ validateObjects }, { withCluster }] = await Promise.all([
      import('../actions/template.js'),
      import('../cli/session.js'),
    ]);
    await withCluster(terminal, flags, ({ client }) => validateObjects(client, documents, flags.namespace));
  }
  if (flags.outputDir === undefined) {
    await print(terminal, printDocuments(documents, flags.output));
    return;
  }
  const { writeDocuments } = await import('../actions/template-files.js');
  const { written, removed } = await writeDocuments(flags.outputDir, documents, flags.output);
  const lines = [...written.map((path) => `wrote ${path}\n`), ...removed.map((path) => `removed ${path}\n`)];
  await print(terminal, lines.join(''));
}

/** `--debug`: the effective values on standard error, so that the objects can still be piped. */
async function showValues(
  terminal: Terminal,
  values: import('../values/value.js').Values,
  schema: Record<string, unknown>,
): Promise<void> {
  const [{ maskSecrets }, { toYaml }] = await Promise.all([import('../values/mask.js'), import('../render/print.js')]);
  terminal.stderr.write(`Effective values:\n${toYaml(maskSecrets(values, schema))}\n`);
}
