import { Command } from 'commander';
import { openBundle } from '../cli/bundle.js';
import {
  addBundleFlag,
  addClusterFlags,
  addOutputFlag,
  addPostRendererFlags,
  addReleaseArgument,
  addReuseFlags,
  addValuesFlags,
} from '../cli/flags.js';
import { planRequestOf, type PlanFlags } from '../cli/plan-request.js';
import { addTlsFlags } from '../cli/tls.js';
import { print, warn, type Terminal } from '../cli/terminal.js';

interface DiffFlags extends PlanFlags {
  exitCode: boolean;
  output: 'text' | 'json' | 'yaml';
}

export function diffCommand(terminal: Terminal): Command {
  const command = new Command('diff')
    .alias('plan')
    .description('Show what an install or upgrade with these values would change');
  addReleaseArgument(command);
  addReuseFlags(addTlsFlags(addPostRendererFlags(addBundleFlag(addValuesFlags(command)))))
    .option('--skip-crds', 'leave the CRDs out', false)
    .option('--take-ownership', 'as if objects of others were adopted', false)
    .option('--force-conflicts', 'as if fields of other field managers were taken over', false)
    .option('--exit-code', 'end with 2 where there are changes', false);
  return addClusterFlags(addOutputFlag(command))
    .addHelpText(
      'after',
      `
Examples:
  kthena diff
  kthena diff --set networking.kthenaRouter.replicas=2 --exit-code
  kthena diff my-release -n models -f values.yaml -o json`,
    )
    .action((release: string, flags: DiffFlags) => runDiff(terminal, release, flags));
}

async function runDiff(terminal: Terminal, name: string, flags: DiffFlags): Promise<void> {
  const [{ diff }, { hasChanges }, { withCluster }, { presentDiff }] = await Promise.all([
    import('../actions/diff.js'),
    import('../actions/deployment.js'),
    import('../cli/session.js'),
    import('../report/diff.js'),
  ]);
  const bundle = await openBundle(terminal, flags, flags.values);
  const request = await planRequestOf(terminal, name, flags);
  const result = await withCluster(terminal, flags, (context) => diff(bundle, request, context));
  const { release } = request;
  warn(terminal, result.prepared.warnings);
  await print(terminal, presentDiff(release, result, bundle.schema, flags.output));
  if (flags.exitCode && hasChanges(release, result.plan)) terminal.exitCode = 2;
}
