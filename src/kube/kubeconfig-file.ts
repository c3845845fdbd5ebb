import { readFileSync } from 'node:fs';
import path from 'node:path';
import { load, YAMLException } from 'js-yaml';
import { KthenaError } from '../errors.js';

/** A cluster of a kubeconfig: fields of the format `v1 Config` that are used here, files as absolute paths. */
export interface ClusterEntry {
  server?: string;
  'certificate-authority'?: string;
  'certificate-authority-data'?: string;
  'insecure-skip-tls-verify'?: boolean;
  'tls-server-name'?: string;
  'proxy-url'?: string;
  extensions?: { name?: string; extension?: unknown }[];
}

/** How a user of a kubeconfig proves who it is. */
export interface UserEntry {
  'client-certificate'?: string;
  'client-certificate-data'?: string;
  'client-key'?: string;
  'client-key-data'?: string;
  token?: string;
  tokenFile?: string;
  username?: string;
  password?: string;
  as?: string;
  'as-uid'?: string;
  'as-groups'?: string[];
  'as-user-extra'?: Record<string, string[]>;
  'auth-provider'?: { name: string; config?: Record<string, unknown> };
  exec?: ExecEntry;
}

/** A program that prints credentials; see the client authentication API (client.authentication.k8s.io/v1). */
export interface ExecEntry {
  apiVersion?: string;
  command?: string;
  args?: string[];
  env?: { name: string; value: string }[];
  installHint?: string;
  provideClusterInfo?: boolean;
  interactiveMode?: 'Never' | 'IfAvailable' | 'Always';
}

export interface ContextEntry {
  cluster?: string;
  user?: string;
  namespace?: string;
}

/** One kubeconfig, or several merged: entries by name. */
export interface Kubeconfig {
  /** For messages. */
  files: string[];
  currentContext: string | undefined;
  clusters: Map<string, ClusterEntry>;
  users: Map<string, UserEntry>;
  contexts: Map<string, ContextEntry>;
}

/**
 * Reads one kubeconfig file, YAML or JSON. Relative paths in it count from its folder.
 * Undefined where it does not exist; throws KthenaError where it cannot be read or is no kubeconfig.
 */
export function readKubeconfigFile(file: string): Kubeconfig | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new KthenaError('usage', `The kubeconfig ${file} cannot be read (${code ?? message}).`, { cause });
  }
  return parseKubeconfig(text, file);
}

/** Parses a kubeconfig's text; `file` is for messages, and for the folder its relative paths count from. */
export function parseKubeconfig(text: string, file: string): Kubeconfig {
  const document = parseYaml(text, file) ?? {};
  if (typeof document !== 'object' || Array.isArray(document)) {
    throw new KthenaError('usage', `${file} is not a kubeconfig: it does not hold a map.`);
  }
  const fields = document as Record<string, unknown>;
  const folder = path.dirname(path.resolve(file));
  return {
    files: [file],
    currentContext: textOf(fields['current-context']),
    clusters: entries<ClusterEntry>(fields, 'clusters', 'cluster', file, (entry) =>
      withPaths(withTexts(entry, CLUSTER_TEXTS), ['certificate-authority'], folder),
    ),
    users: entries<UserEntry>(fields, 'users', 'user', file, (entry) => userEntry(entry, folder)),
    contexts: entries<ContextEntry>(fields, 'contexts', 'context', file, (entry) => withTexts(entry, CONTEXT_TEXTS)),
  };
}

const CLUSTER_TEXTS = ['server', 'certificate-authority', 'certificate-authority-data', 'tls-server-name', 'proxy-url'];
const CONTEXT_TEXTS = ['cluster', 'user', 'namespace'];
const USER_TEXTS = ['token', 'tokenFile', 'username', 'password', 'as', 'as-uid'];
const USER_FILES = ['client-certificate', 'client-key', 'tokenFile'];

function parseYaml(text: string, file: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return load(text, { filename: file });
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause;
    const { mark } = cause;
    const place = mark === undefined ? file : `${file}:${mark.line + 1}:${mark.column + 1}`;
    // Not the exception's own text: that quotes the lines around the mistake, and with them a token. So may the end of the reason.
    const reason = cause.reason.replace(/(?:: | "| !<).*$/s, '');
    throw new KthenaError('usage', `${place}: the kubeconfig is not valid YAML: ${reason}.`);
  }
}

function entries<T>(
  document: Record<string, unknown>,
  list: string,
  key: string,
  file: string,
  read: (entry: Record<string, unknown>) => object,
): Map<string, T> {
  const items = document[list] ?? [];
  if (!Array.isArray(items)) throw new KthenaError('usage', `${file}: "${list}" of the kubeconfig is not a list.`);
  const named = new Map<string, T>();
  items.forEach((item: unknown, index) => {
    const name = textOf((item as Record<string, unknown> | null)?.['name']);
    if (name === undefined) throw new KthenaError('usage', `${file}: ${list}[${index}] of the kubeconfig has no name.`);
    const entry = (item as Record<string, unknown>)[key] ?? {};
    if (typeof entry !== 'object' || Array.isArray(entry)) {
      throw new KthenaError('usage', `${file}: ${list}[${index}].${key} of the kubeconfig is not a map.`);
    }
    if (!named.has(name)) named.set(name, read(entry as Record<string, unknown>) as T);
  });
  return named;
}

function userEntry(entry: Record<string, unknown>, folder: string): object {
  const user = withPaths(withTexts(entry, USER_TEXTS), USER_FILES, folder) as UserEntry;
  const command = user.exec?.command;
  // As kubectl does: a bare name is looked up in PATH, anything with a slash is a path.
  if (command === undefined || !/[/\\]/.test(command)) return user;
  return { ...user, exec: { ...user.exec, command: path.resolve(folder, command) } };
}

/** Numbers that were meant as text, such as a password of digits. */
function withTexts(entry: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  const texts = keys.filter((key) => key in entry).map((key) => [key, textOf(entry[key])]);
  return { ...entry, ...Object.fromEntries(texts) };
}

function withPaths(entry: Record<string, unknown>, keys: readonly string[], folder: string): Record<string, unknown> {
  const paths = keys
    .filter((key) => typeof entry[key] === 'string')
    .map((key) => [key, path.resolve(folder, entry[key] as string)]);
  return { ...entry, ...Object.fromEntries(paths) };
}

/** Undefined for an absent or an empty value, which mean the same in a kubeconfig. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return String(value);
}
