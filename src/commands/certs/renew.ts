import { Command } from 'commander';
import {
  addClusterFlags,
  addOutputFlag,
  addReleaseArgument,
  addTimeoutFlag,
  type ClusterFlags,
  type NamespaceFlags,
} from '../../cli/flags.js';
import { print, type Terminal } from '../../cli/terminal.js';

interface CertsRenewFlags extends NamespaceFlags, ClusterFlags {
  timeout: number;
  output: 'text' | 'json' | 'yaml';
}

export function certsRenewCommand(terminal: Terminal): Command {
  const command = new Command('renew').description(
    'Issue new certificates for the webhooks, and restart what serves them',
  );
  addReleaseArgument(command);
  return addClusterFlags(addOutputFlag(addTimeoutFlag(command)))
    .addHelpText(
      'after',
      `
Only in certificate mode auto. No call of a webhook fails meanwhile: the former
CA is trusted too, until all pods run with the new certificate.

Examples:
  kthena certs renew
  kthena certs renew my-release -n models --timeout 10m`,
    )
    .action((release: string, flags: CertsRenewFlags) => runCertsRenew(terminal, release, flags));
}

async function runCertsRenew(terminal: Terminal, name: string, flags: CertsRenewFlags): Promise<void> {
  const [{ renewCertificates }, { withCluster }, { presentCertsRenew }] = await Promise.all([
    import('../../actions/certs-renew.js'),
    import('../../cli/session.js'),
    import('../../report/certs-renew.js'),
  ]);
  const release = { name, namespace: flags.namespace };
  const renewed = await withCluster(terminal, flags, (context) =>
    renewCertificates({ release, timeoutMs: flags.timeout }, context),
  );
  await print(terminal, presentCertsRenew(release, renewed, flags.output));
}
