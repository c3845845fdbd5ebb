import { Command, Option } from 'commander';
import { openBundle } from '../cli/bundle.js';
import { addBundleFlag, addValuesFlags, valueFlagsOf, type BundleFlag, type ValuesFlags } from '../cli/flags.js';
import { print, screenWidth, warn, type Terminal } from '../cli/terminal.js';
import { KthenaError } from '../errors.js';

interface ShowValuesFlags extends BundleFlag, ValuesFlags {
  diff: boolean;
  schema: boolean;
  output?: 'yaml' | 'json' | 'table';
}

export function valuesCommand(terminal: Terminal): Command {
  const command = new Command('values').description(
    'Print the default values with their comments, or what given values come to',
  );
  return addBundleFlag(addValuesFlags(command))
    .option('--diff', 'print only what differs from the defaults', false)
    .option('--schema', 'print the JSON schema that describes every value', false)
    .addOption(
      new Option('-o, --output <format>', 'format of the output (default: "yaml")').choices(['yaml', 'json', 'table']),
    )
    .addHelpText(
      'after',
      `
Examples:
  kthena values > values.yaml
  kthena values -f values.yaml --set workload.controllerManager.replicas=2 --diff
  kthena values --schema > values.schema.json`,
    )
    .action((flags: ShowValuesFlags) => runValues(terminal, flags));
}

async function runValues(terminal: Terminal, flags: ShowValuesFlags): Promise<void> {
  const bundle = await openBundle(terminal, flags, flags.values);
  const { presentValues } = await import('../report/values.js');
  if (flags.schema) {
    await printSchema(terminal, bundle.schema, flags);
    return;
  }
  const sources = valueFlagsOf(flags);
  const asked = Object.values(sources).some((list) => list.length > 0);
  if (!asked && !flags.diff && flags.output === undefined) {
    await print(terminal, bundle.defaultsText);
    return;
  }
  const [{ resolveValues, invalidValues }, { differencesFromDefaults }] = await Promise.all([
    import('../actions/prepare.js'),
    import('../values/merge.js'),
  ]);
  const { values, findings, warnings } = await resolveValues(bundle, {
    values: sources,
    skipSchemaValidation: flags.skipSchemaValidation,
    readStdin: terminal.readStdin,
  });
  if (findings.length > 0) throw invalidValues(findings, warnings);
  warn(terminal, warnings);
  const shown = flags.diff ? differencesFromDefaults(bundle.defaults as typeof values, values) : values;
  await print(terminal, presentValues(shown, bundle, flags.output ?? 'yaml', screenWidth(terminal)));
}

async function printSchema(terminal: Terminal, schema: object, flags: ShowValuesFlags): Promise<void> {
  const format = flags.output ?? 'json';
  const given = Object.values(valueFlagsOf(flags)).some((list) => list.length > 0);
  if (given || flags.diff || format === 'table') {
    throw new KthenaError('usage', '--schema prints the schema of all values: it goes with -o json or -o yaml only');
  }
  const { formatStructured } = await import('../report/structured.js');
  await print(terminal, formatStructured(schema, format));
}
