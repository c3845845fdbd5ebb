import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import { KthenaError } from '../errors.js';
import type { Connection } from './connection.js';
import { clusterWithFlags, kubeconfigOfFlags, userWithFlags, type ConnectionFlags } from './connection-flags.js';
import { credentialCache } from './credentials.js';
import { impersonationHeaders } from './impersonation.js';
import { inClusterKubeconfig } from './in-cluster.js';
import type { ClusterEntry, ContextEntry, Kubeconfig, UserEntry } from './kubeconfig-file.js';
import { kubeconfigFiles, readKubeconfig } from './kubeconfig-merge.js';
import { proxyFromEnvironment } from './proxy.js';

type Environment = Record<string, string | undefined>;

export interface ConnectionOptions extends ConnectionFlags {
  /** `--kubeconfig`: the only file to read. */
  kubeconfig?: string | undefined;
  /** `--kube-context`; by default the kubeconfig's current one. */
  context?: string | undefined;
  /** `--kube-as-user` and `--kube-as-group`: whom to act as. */
  asUser?: string | undefined;
  asGroups?: readonly string[] | undefined;
  /** A credential plugin gets no terminal, even where there is one. */
  asksNobody?: boolean;
  /** Where a credential plugin's questions go; standard error by default. */
  onPluginOutput?: (text: string) => void;
}

/**
 * Finds the API server and the login, as kubectl does: the flag's kubeconfig, the files of KUBECONFIG, `~/.kube/config`, or the service account
 * of the pod this runs in. Nothing is asked of the server, and no credential plugin is run, before the first request.
 * Throws KthenaError `usage` where none of these names a server, or where what it names is not there.
 */
export async function loadConnection(options: ConnectionOptions, env: Environment = process.env): Promise<Connection> {
  const config = readKubeconfig(options.kubeconfig, env) ?? inClusterKubeconfig(env) ?? kubeconfigOfFlags(options);
  if (config === undefined) throw noKubeconfig(env);
  const chosen = choose(config, options.context);
  const cluster = clusterWithFlags(chosen.cluster, options);
  const user = userWithFlags(chosen.user, options);
  const headers = impersonationHeaders(user, options);
  requireFiles(chosen.userName ?? '', user);
  const ca = certificateAuthority(chosen.context.cluster ?? '', cluster);
  const server = serverUrl(cluster, chosen.context.cluster ?? '');
  const plugin = {
    cluster: ca === undefined ? cluster : { ...cluster, 'certificate-authority-data': ca.toString('base64') },
    env,
    terminal: options.asksNobody !== true && isatty(0) && isatty(2),
    onOutput: options.onPluginOutput ?? ((text: string) => void process.stderr.write(text)),
  };
  return {
    server,
    context: chosen.name,
    user: chosen.userName,
    namespace: chosen.context.namespace ?? 'default',
    tls: tlsOf(cluster, ca),
    proxy: cluster['proxy-url'] ?? proxyFromEnvironment(server, env),
    ...credentialCache(chosen.userName ?? 'anonymous', user, headers, plugin),
  };
}

function tlsOf(cluster: ClusterEntry, ca: Buffer | undefined): Connection['tls'] {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cluster['tls-server-name'] === undefined ? {} : { servername: cluster['tls-server-name'] }),
    insecure: cluster['insecure-skip-tls-verify'] === true,
  };
}

interface Choice {
  name: string;
  context: ContextEntry;
  cluster: ClusterEntry;
  userName: string | undefined;
  user: UserEntry;
}

function choose(config: Kubeconfig, wanted: string | undefined): Choice {
  const name = wanted ?? config.currentContext;
  const where = config.files.length === 0 ? "the pod's service account" : config.files.join(', ');
  const known = [...config.contexts.keys()].sort();
  if (name === undefined) {
    throw new KthenaError('usage', `No context is chosen: ${where} sets no current-context.`, {
      hint: `Pass --kube-context, or run "kubectl config use-context". ${knownContexts(known)}`,
    });
  }
  const context = config.contexts.get(name);
  if (context === undefined) {
    throw new KthenaError('usage', `There is no context "${name}" in ${where}.`, { hint: knownContexts(known) });
  }
  const cluster = config.clusters.get(context.cluster ?? '');
  if (cluster === undefined) throw missingEntry(name, 'cluster', context.cluster, where);
  const user = context.user === undefined ? {} : config.users.get(context.user);
  if (user === undefined) throw missingEntry(name, 'user', context.user, where);
  return { name, context, cluster, userName: context.user, user };
}

function knownContexts(names: readonly string[]): string {
  return names.length === 0 ? 'It has no contexts at all.' : `Known contexts: ${names.join(', ')}.`;
}

function missingEntry(context: string, kind: string, name: string | undefined, where: string): KthenaError {
  const what = name === undefined ? `names no ${kind}` : `names the ${kind} "${name}", which is missing`;
  return new KthenaError('usage', `Context "${context}" ${what} in ${where}.`, {
    hint: 'Where the entry is in another file, add that file to KUBECONFIG.',
  });
}

function noKubeconfig(env: Environment): KthenaError {
  const looked = kubeconfigFiles(env).join(', ');
  return new KthenaError('usage', `There is no kubeconfig, so no cluster to talk to (looked for ${looked}).`, {
    hint: 'Set KUBECONFIG or pass --kubeconfig <file>; inside a pod its service account is used.',
  });
}

function serverUrl(cluster: ClusterEntry, name: string): string {
  const server = cluster.server ?? '';
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (!/^https?:$/.test(url?.protocol ?? '')) {
    const said = server === '' ? 'has no server' : `has "${withoutLogin(server)}" as its server`;
    throw new KthenaError('usage', `Cluster "${name}" of the kubeconfig ${said}.`, {
      hint: 'It must be a URL, such as https://10.0.0.1:6443.',
    });
  }
  // It stands in messages and reports, and an API server takes no such login.
  if (url!.username !== '' || url!.password !== '') {
    throw new KthenaError('usage', `The server of cluster "${name}" has a login in its URL, ${withoutLogin(server)}.`, {
      hint: 'Leave out what is before the @, and put credentials into the user of the kubeconfig.',
    });
  }
  return server.replace(/\/+$/, '');
}

function withoutLogin(url: string): string {
  return url.replace(/[^/]*@/, '***@');
}

function certificateAuthority(name: string, cluster: ClusterEntry): Buffer | undefined {
  const data = cluster['certificate-authority-data'];
  const file = cluster['certificate-authority'];
  if (data === undefined && file === undefined) return undefined;
  const ca =
    data === undefined
      ? readEntryFile(file!, `certificate-authority of cluster "${name}"`)
      : Buffer.from(data, 'base64');
  if (ca.includes('-----BEGIN ')) return ca;
  const field = data === undefined ? 'certificate-authority' : 'certificate-authority-data';
  throw new KthenaError('usage', `Cluster "${name}" of the kubeconfig: ${field} is no certificate in PEM form.`);
}

/** Says it now, with its name, rather than with the first request. */
function requireFiles(name: string, user: UserEntry): void {
  for (const field of ['client-certificate', 'client-key'] as const) {
    const file = user[field];
    if (file !== undefined && user[`${field}-data`] === undefined) readEntryFile(file, `${field} of user "${name}"`);
  }
  if (user.tokenFile !== undefined) readEntryFile(user.tokenFile, `tokenFile of user "${name}"`);
}

function readEntryFile(file: string, what: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new KthenaError('usage', `The file of ${what}, ${file}, cannot be read (${code}).`, { cause });
  }
}
