import type { Command } from 'commander';
import type { PrepareRequest } from '../actions/prepare.js';
import type { TlsFlags, TlsPaths } from '../certs/tls-files.js';

/** As commander gives them. */
export interface TlsFileFlags {
  tlsCertFile?: string;
  tlsPrivateKeyFile?: string;
  tlsCaFile?: string;
  routerTlsCertFile?: string;
  routerTlsPrivateKeyFile?: string;
  routerTlsCaFile?: string;
  controllerManagerTlsCertFile?: string;
  controllerManagerTlsPrivateKeyFile?: string;
  controllerManagerTlsCaFile?: string;
}

export function addTlsFlags(command: Command): Command {
  return command
    .option('--tls-cert-file <file>', "certificate of the webhooks' servers, with its intermediates, in a PEM file")
    .option('--tls-private-key-file <file>', 'its private key, in a PEM file')
    .option('--tls-ca-file <file>', 'certificate of the CA that signed it, in a PEM file')
    .option('--router-tls-cert-file <file>', 'as --tls-cert-file, for the router alone')
    .option('--router-tls-private-key-file <file>', 'as --tls-private-key-file, for the router alone')
    .option('--router-tls-ca-file <file>', 'as --tls-ca-file, for the router alone')
    .option('--controller-manager-tls-cert-file <file>', 'as --tls-cert-file, for the controller-manager alone')
    .option(
      '--controller-manager-tls-private-key-file <file>',
      'as --tls-private-key-file, for the controller-manager alone',
    )
    .option('--controller-manager-tls-ca-file <file>', 'as --tls-ca-file, for the controller-manager alone');
}

/** The certificate files, read; undefined where no flag names one. */
export async function tlsFilesOf(flags: TlsFileFlags): Promise<PrepareRequest['tls']> {
  const all = pathsOf(flags.tlsCertFile, flags.tlsPrivateKeyFile, flags.tlsCaFile);
  const components: TlsFlags['components'] = {
    'kthena-router': pathsOf(flags.routerTlsCertFile, flags.routerTlsPrivateKeyFile, flags.routerTlsCaFile),
    'kthena-controller-manager': pathsOf(
      flags.controllerManagerTlsCertFile,
      flags.controllerManagerTlsPrivateKeyFile,
      flags.controllerManagerTlsCaFile,
    ),
  };
  if ([all, ...Object.values(components)].every((paths) => Object.keys(paths).length === 0)) return undefined;
  const { readTlsFiles } = await import('../certs/tls-files.js');
  return { files: await readTlsFiles({ all, components }), now: new Date() };
}

function pathsOf(certificate?: string, privateKey?: string, ca?: string): TlsPaths {
  return {
    ...(certificate === undefined ? {} : { certificate }),
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(ca === undefined ? {} : { ca }),
  };
}
