import { KthenaError } from '../errors.js';
import type { Connection, Credentials } from './connection.js';
import { runExecPlugin, type ExecPluginContext } from './exec-plugin.js';
import type { UserEntry } from './kubeconfig-file.js';
import { libraryCredentials, type CredentialSource } from './library-credentials.js';

/** A plugin's token that ends sooner than this is not used for another request. */
const EXPIRY_MARGIN_MS = 10_000;

/** Adds the headers to every credential, and asks for it once at a time: parallel requests share a login. */
export function credentialCache(
  name: string,
  user: UserEntry,
  headers: Credentials['headers'],
  plugin: ExecPluginContext,
): Pick<Connection, 'credentials' | 'renewCredentials'> {
  let source: Promise<CredentialSource> | undefined;
  let pending: Promise<Credentials> | undefined;

  async function ask(signal: AbortSignal | undefined): Promise<Credentials> {
    source ??= openSource(name, user, plugin, signal);
    const credentials = await (await source)();
    const all = { ...credentials.headers, ...headers };
    requireHeaderText(name, all);
    return { ...credentials, headers: all };
  }

  return {
    credentials: (signal) => {
      pending ??= ask(signal).finally(() => (pending = undefined));
      return pending;
    },
    renewCredentials: () => {
      source = undefined;
      return user.exec !== undefined || user.tokenFile !== undefined || user['auth-provider'] !== undefined;
    },
  };
}

async function openSource(
  name: string,
  user: UserEntry,
  plugin: ExecPluginContext,
  signal: AbortSignal | undefined,
): Promise<CredentialSource> {
  const { exec } = user;
  return exec === undefined ? libraryCredentials(name, user) : pluginCredentials(exec, plugin, signal);
}

/** Node would call it a programming error, which it is not. */
function requireHeaderText(name: string, headers: Credentials['headers']): void {
  for (const [header, value] of Object.entries(headers)) {
    if ([value].flat().every((text) => /^[\x20-\x7e]*$/.test(text))) continue;
    const what = header === 'authorization' ? `The token of user "${name}"` : `The value for ${header}`;
    throw new KthenaError('usage', `${what} has characters that cannot be sent in a header.`, {
      hint: 'Line breaks and letters outside ASCII cannot; is it copied from the right place?',
    });
  }
}

/** Keeps what the plugin gave until it expires. */
function pluginCredentials(
  exec: NonNullable<UserEntry['exec']>,
  plugin: ExecPluginContext,
  signal: AbortSignal | undefined,
): CredentialSource {
  let current: { credentials: Credentials; expiresAt: number } | undefined;
  return async () => {
    if (current !== undefined && Date.now() < current.expiresAt) return current.credentials;
    const { token, certificate, key, expiresAt } = await runExecPlugin(exec, plugin, signal);
    const credentials: Credentials = {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      ...(certificate === undefined ? {} : { cert: certificate }),
      ...(key === undefined ? {} : { key }),
    };
    current = { credentials, expiresAt: expiresAt === undefined ? Infinity : expiresAt - EXPIRY_MARGIN_MS };
    return credentials;
  };
}
