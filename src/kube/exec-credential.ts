import { KthenaError } from '../errors.js';
import type { ClusterEntry, ExecEntry } from './kubeconfig-file.js';

/** What a credential plugin has given. */
export interface ExecCredential {
  token: string | undefined;
  certificate: string | undefined;
  key: string | undefined;
  /** Milliseconds since 1970; undefined where it does not expire. */
  expiresAt: number | undefined;
}

const GROUP = 'client.authentication.k8s.io';
const VERSIONS = [`${GROUP}/v1`, `${GROUP}/v1beta1`];

/**
 * The request a plugin finds in KUBERNETES_EXEC_INFO: an `ExecCredential` whose spec tells of the cluster, where the kubeconfig asks for that.
 * Throws KthenaError `usage` for a version that is not spoken.
 */
export function execInfo(exec: ExecEntry, cluster: ClusterEntry, interactive: boolean): string {
  if (exec.apiVersion === undefined || !VERSIONS.includes(exec.apiVersion)) {
    throw new KthenaError(
      'usage',
      `The credential plugin "${exec.command}" is set up for ${exec.apiVersion ?? 'no apiVersion'}.`,
      {
        hint: `Kubernetes speaks ${VERSIONS.join(' and ')}: change apiVersion of exec in the kubeconfig.`,
      },
    );
  }
  const spec = { interactive, ...(exec.provideClusterInfo === true ? { cluster: clusterInfo(cluster) } : {}) };
  return JSON.stringify({ apiVersion: exec.apiVersion, kind: 'ExecCredential', spec });
}

function clusterInfo(cluster: ClusterEntry): object {
  const config = cluster.extensions?.find((extension) => extension.name === `${GROUP}/exec`)?.extension;
  return {
    server: cluster.server,
    ...(cluster['tls-server-name'] === undefined ? {} : { 'tls-server-name': cluster['tls-server-name'] }),
    ...(cluster['insecure-skip-tls-verify'] === true ? { 'insecure-skip-tls-verify': true } : {}),
    ...(cluster['certificate-authority-data'] === undefined
      ? {}
      : { 'certificate-authority-data': cluster['certificate-authority-data'] }),
    ...(cluster['proxy-url'] === undefined ? {} : { 'proxy-url': cluster['proxy-url'] }),
    ...(config === undefined ? {} : { config }),
  };
}

/**
 * Reads what a plugin printed: an `ExecCredential` of the version it was asked for.
 * Throws KthenaError `unauthorized`; the text itself, full of secrets, is never part of the message.
 */
export function parseExecCredential(stdout: string, exec: ExecEntry): ExecCredential {
  const complain = (what: string): KthenaError =>
    new KthenaError('unauthorized', `The credential plugin "${exec.command}" ${what}.`, {
      hint: 'Run it by hand to see what it prints: that must be an ExecCredential in JSON.',
    });
  let printed: { kind?: string; apiVersion?: string; status?: Record<string, string | null> | null } | null;
  try {
    printed = JSON.parse(stdout) as typeof printed;
  } catch {
    throw complain(stdout.trim() === '' ? 'printed nothing' : 'printed something that is not JSON');
  }
  if (printed?.kind !== 'ExecCredential') throw complain('printed something that is not an ExecCredential');
  if (printed.apiVersion !== exec.apiVersion) {
    throw complain(`answered with version ${printed.apiVersion}, while the kubeconfig asks for ${exec.apiVersion}`);
  }
  const status = printed.status ?? {};
  const token = status['token'] ?? undefined;
  const certificate = status['clientCertificateData'] ?? undefined;
  const key = status['clientKeyData'] ?? undefined;
  if ((certificate === undefined) !== (key === undefined)) {
    throw complain('gave a client certificate without its key, or a key without its certificate');
  }
  if (token === undefined && certificate === undefined) throw complain('gave neither a token nor a certificate');
  const expiresAt = Date.parse(status['expirationTimestamp'] ?? '');
  return { token, certificate, key, expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt };
}
