import { Command, Option } from 'commander';
import { addClusterFlags, type ClusterFlags } from '../../cli/flags.js';
import { print, type Terminal } from '../../cli/terminal.js';
import { KthenaError } from '../../errors.js';

interface BackupFlags extends ClusterFlags {
  output?: string;
  kind: string[];
  namespace: string[];
  allNamespaces: boolean;
  all: boolean;
  force: boolean;
}

export function backupCommand(terminal: Terminal): Command {
  const command = new Command('backup')
    .description('Save the custom resources of Kthena to a file')
    .option(
      '-o, --output <file>',
      'file to write, compressed if it ends in .gz, or - for standard output (default: kthena-backup-<time>.yaml.gz in this folder)',
    )
    .addOption(repeatable('--kind <kind>', 'only this kind, such as ModelRoute'))
    .addOption(repeatable('-n, --namespace <namespace>', 'only the resources of this namespace'))
    .option('-A, --all-namespaces', 'the resources of all namespaces, as without -n', false)
    .option('--all', 'also resources that controllers made for other resources of Kthena', false)
    .option('--force', 'replace the file if it is there', false);
  return addClusterFlags(command)
    .addHelpText(
      'after',
      `
The file is YAML that "kubectl apply -f" takes; "kthena crds restore"
also brings back what that cannot: status and owners.

Examples:
  kthena crds backup
  kthena crds backup -o routes.yaml --kind ModelRoute -n models
  kthena crds backup -o - | less`,
    )
    .action((flags: BackupFlags) => runBackup(terminal, flags));
}

async function runBackup(terminal: Terminal, flags: BackupFlags): Promise<void> {
  if (flags.allNamespaces && flags.namespace.length > 0)
    throw new KthenaError('usage', '-A and -n contradict each other', { hint: 'Leave one of them out.' });
  const [{ loadBuiltInBundle }, { backup }, { withCluster }, { presentBackup }, { checkNamespace }] = await Promise.all(
    [
      import('../../bundle/built-in.js'),
      import('../../actions/backup.js'),
      import('../../cli/session.js'),
      import('../../report/backup.js'),
      import('../../release/names.js'),
    ],
  );
  flags.namespace.forEach(checkNamespace);
  const bundle = await loadBuiltInBundle();
  const toStdout = flags.output === '-';
  const result = await withCluster(terminal, flags, (context) =>
    backup(
      bundle,
      {
        to: toStdout ? { stream: terminal.stdout } : { file: flags.output, replace: flags.force },
        kinds: flags.kind,
        namespaces: [...new Set(flags.namespace)],
        children: flags.all,
      },
      context,
    ),
  );
  // Standard output has the backup itself then.
  if (toStdout) terminal.stderr.write(presentBackup(result));
  else await print(terminal, presentBackup(result));
}

function repeatable(flag: string, description: string): Option {
  return new Option(flag, `${description} (repeatable)`)
    .default([], 'all')
    .argParser((value: string, all: string[]) => [...all, value]);
}
