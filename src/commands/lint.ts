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
import { print, type Terminal } from '../cli/terminal.js';
import { KthenaError } from '../errors.js';

interface LintFlags extends BundleFlag, NamespaceFlags, ValuesFlags {
  strict: boolean;
  output: 'text' | 'json' | 'yaml';
}

export function lintCommand(terminal: Terminal): Command {
  const command = new Command('lint').description(
    'Check values, templates and the objects they make, without a cluster',
  );
  addBundleFlag(addValuesFlags(addReleaseArgument(command))).option('--strict', 'fail on warnings too', false);
  return addOutputFlag(command)
    .addHelpText('after', '\nExamples:\n  kthena lint\n  kthena lint -f values.yaml --strict')
    .action((name: string, flags: LintFlags) => runLint(terminal, name, flags));
}

async function runLint(terminal: Terminal, name: string, flags: LintFlags): Promise<void> {
  const [{ lint }, { presentLint }, { checkNamespace, checkReleaseName }] = await Promise.all([
    import('../actions/lint.js'),
    import('../report/lint.js'),
    import('../release/names.js'),
  ]);
  checkReleaseName(name);
  checkNamespace(flags.namespace);
  const findings = await lint(await openBundle(terminal, flags, flags.values), {
    release: { name, namespace: flags.namespace },
    ...valuesRequestOf(terminal, flags),
  });
  await print(terminal, presentLint(findings, flags.output));
  const failing = findings.filter(({ severity }) => severity === 'error' || flags.strict);
  if (failing.length > 0)
    throw new KthenaError('failed', `lint found ${failing.length} ${failing.length === 1 ? 'problem' : 'problems'}`);
}
