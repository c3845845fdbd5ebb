import { Command } from 'commander';
import {
  addClusterFlags,
  addOutputFlag,
  addReleaseArgument,
  type ClusterFlags,
  type NamespaceFlags,
} from '../../cli/flags.js';
import { print, screenWidth, type Terminal } from '../../cli/terminal.js';

interface CertsStatusFlags extends NamespaceFlags, ClusterFlags {
  output: 'table' | 'json' | 'yaml';
}

export function certsStatusCommand(terminal: Terminal): Command {
  const command = new Command('status').description(
    'Show each certificate, where it is used, and whether its parts agree',
  );
  return addClusterFlags(addOutputFlag(addReleaseArgument(command), ['table', 'json', 'yaml']))
    .addHelpText(
      'after',
      `
Where something does not agree or has expired, it ends with exit code 1.

Examples:
  kthena certs status
  kthena certs status my-release -n models -o json`,
    )
    .action((release: string, flags: CertsStatusFlags) => runCertsStatus(terminal, release, flags));
}

async function runCertsStatus(terminal: Terminal, name: string, flags: CertsStatusFlags): Promise<void> {
  const [{ certificatesStatus }, { withCluster }, { presentCertificates }, { checkNamespace, checkReleaseName }] =
    await Promise.all([
      import('../../actions/certs-status.js'),
      import('../../cli/session.js'),
      import('../../report/certs-status.js'),
      import('../../release/names.js'),
    ]);
  const release = { name, namespace: flags.namespace };
  checkReleaseName(name);
  checkNamespace(flags.namespace);
  const certificates = await withCluster(terminal, flags, (context) => certificatesStatus(release, context));
  await print(terminal, presentCertificates(release, certificates, flags.output, new Date(), screenWidth(terminal)));
  const isWrong = certificates.some(({ disagreements }) => disagreements.some(({ severity }) => severity === 'error'));
  if (isWrong) terminal.exitCode = 1;
}
