import type { RequestOptions } from 'node:https';
import { KthenaError } from '../errors.js';
import type { Credentials } from './connection.js';
import type { UserEntry } from './kubeconfig-file.js';

/** What the client library makes of a user, asked again for each request: it knows itself what it may keep. */
export type CredentialSource = () => Promise<Credentials>;

/**
 * The ways to log in that `KubeConfig` of @kubernetes/client-node knows: certificates, token, token file (read again each minute),
 * user and password, and the auth providers `oidc` (renews its token), `azure`, `gcp`.
 * Each call gives a source that has cached nothing yet.
 */
export async function libraryCredentials(name: string, user: UserEntry): Promise<CredentialSource> {
  // The main module would load the models of all kinds.
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  config.loadFromOptions({
    // Only the user's part is wanted. The library insists on a cluster, and on TLS for it.
    clusters: [{ name: 'cluster', server: 'https://cluster', skipTLSVerify: false }],
    users: [libraryUser(name, user)],
    contexts: [{ name: 'context', cluster: 'cluster', user: name }],
    currentContext: 'context',
  });
  return async () => {
    const options: RequestOptions = {};
    try {
      await config.applyToHTTPSOptions(options);
    } catch (cause) {
      throw new KthenaError('unauthorized', `User "${name}" of the kubeconfig cannot log in: ${reasonOf(cause)}.`, {
        cause,
        hint: 'Log in again with the tool that wrote this user into the kubeconfig.',
      });
    }
    const authorization = authorizationOf(options);
    if (authorization === undefined && user['auth-provider'] !== undefined) throw noToken(name, user);
    return {
      headers: authorization === undefined ? {} : { authorization },
      ...(options.cert === undefined ? {} : { cert: options.cert }),
      ...(options.key === undefined ? {} : { key: options.key }),
    };
  };
}

/** The library's form of a user. As in kubectl, data counts before a file, and a token file before a token. */
function libraryUser(name: string, user: UserEntry): object {
  const certificate = user['client-certificate-data'];
  const key = user['client-key-data'];
  const { tokenFile } = user;
  return {
    name,
    ...(certificate === undefined ? { certFile: user['client-certificate'] } : { certData: certificate }),
    ...(key === undefined ? { keyFile: user['client-key'] } : { keyData: key }),
    ...(user.username === undefined ? {} : { username: user.username, password: user.password ?? '' }),
    ...(tokenFile === undefined ? { token: user.token } : {}),
    authProvider: tokenFile === undefined ? authProvider(user) : { name: 'tokenFile', config: { tokenFile } },
  };
}

/** A copy, since the library writes renewed tokens into it. Its OIDC part hands the issuer to a function that takes only a URL. */
function authProvider(user: UserEntry): object | undefined {
  const provider = user['auth-provider'];
  if (provider === undefined) return undefined;
  const issuer = provider.config?.['idp-issuer-url'];
  const url = provider.name === 'oidc' && typeof issuer === 'string' ? { 'idp-issuer-url': new URL(issuer) } : {};
  return { ...provider, config: { ...provider.config, ...url } };
}

/** User and password become basic authentication; a token file may end in a line break. */
function authorizationOf(options: RequestOptions): string | undefined {
  if (typeof options.auth === 'string') return `Basic ${Buffer.from(options.auth).toString('base64')}`;
  const header = (options.headers as Record<string, unknown> | undefined)?.['Authorization'];
  return typeof header === 'string' ? header.trim() : undefined;
}

function noToken(name: string, user: UserEntry): KthenaError {
  const provider = user['auth-provider']?.name;
  return new KthenaError(
    'unauthorized',
    `User "${name}" of the kubeconfig has no valid token (auth provider ${provider}).`,
    {
      hint: 'Log in again with the tool that wrote this user into the kubeconfig.',
    },
  );
}

/** Without the text of a command's output, which may hold a token. */
function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.split('\n')[0]! : String(cause);
}
