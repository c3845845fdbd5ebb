import { existsSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import path from 'node:path';
import type { Kubeconfig } from './kubeconfig-file.js';

/** Where the kubelet puts a pod's service account. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const NAME = 'in-cluster';

/** The kubeconfig that a pod's service account amounts to; undefined outside a pod, or in one without a token. */
export function inClusterKubeconfig(
  env: Record<string, string | undefined>,
  folder = SERVICE_ACCOUNT,
): Kubeconfig | undefined {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'];
  const tokenFile = path.join(folder, 'token');
  if (host === undefined || host === '' || port === undefined || !existsSync(tokenFile)) return undefined;
  const namespaceFile = path.join(folder, 'namespace');
  const namespace = existsSync(namespaceFile) ? readFileSync(namespaceFile, 'utf8').trim() : '';
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return {
    files: [],
    currentContext: NAME,
    clusters: new Map([[NAME, { server, 'certificate-authority': path.join(folder, 'ca.crt') }]]),
    users: new Map([[NAME, { tokenFile }]]),
    contexts: new Map([[NAME, { cluster: NAME, user: NAME, ...(namespace === '' ? {} : { namespace }) }]]),
  };
}
