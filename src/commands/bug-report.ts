import { Command } from 'commander';
import {
  addClusterFlags,
  addOutputFlag,
  addReleaseArgument,
  type ClusterFlags,
  type NamespaceFlags,
} from '../cli/flags.js';
import { print, warn, type Terminal } from '../cli/terminal.js';

interface BugReportFlags extends NamespaceFlags, ClusterFlags {
  file?: string;
  output: 'text' | 'json' | 'yaml';
}

export function bugReportCommand(terminal: Terminal): Command {
  const command = new Command('bug-report').description(
    'Write an archive with what a person needs to find out what is wrong with a release',
  );
  addReleaseArgument(command).option(
    '--file <file>',
    'archive to write (default: kthena-bug-report-<time>.tgz in this folder)',
  );
  return addClusterFlags(addOutputFlag(command))
    .addHelpText(
      'after',
      `
In it are versions, the release's record, its objects, pods, events, logs,
certificates and the results of the checks. Contents of Secrets and private
keys are not, and credentials are masked by their names and forms. Its
summary.txt says what could not be read. Look through the logs before you
hand it on.

Examples:
  kthena bug-report
  kthena bug-report my-release -n models --file report.tgz`,
    )
    .action((release: string, flags: BugReportFlags) => runBugReport(terminal, release, flags));
}

async function runBugReport(terminal: Terminal, name: string, flags: BugReportFlags): Promise<void> {
  const [{ bugReport }, { loadBuiltInBundle }, { withCluster }, { presentBugReport }, names] = await Promise.all([
    import('../actions/bug-report.js'),
    import('../bundle/built-in.js'),
    import('../cli/session.js'),
    import('../report/bug-report.js'),
    import('../release/names.js'),
  ]);
  names.checkReleaseName(name);
  names.checkNamespace(flags.namespace);
  const release = { name, namespace: flags.namespace };
  const bundle = await loadBuiltInBundle();
  const report = await withCluster(terminal, flags, (context) =>
    bugReport(bundle, { release, file: flags.file }, context),
  );
  warn(terminal, warningsOf(report.unread));
  await print(terminal, presentBugReport(report, flags.output));
}

/** Where nothing may be read there would be a screen full of them. */
const MAX_WARNINGS = 5;

function warningsOf(unread: readonly string[]): string[] {
  const more = unread.length - MAX_WARNINGS;
  return [
    ...unread.slice(0, MAX_WARNINGS).map((what) => `not in the report: ${what}`),
    ...(more > 0 ? [`not in the report: ${more} more, which its summary.txt names`] : []),
  ];
}
