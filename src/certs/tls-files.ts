import { readFileUpTo, reasonNotRead } from '../bounded-read.js';
import { KthenaError } from '../errors.js';
import { certificatesOf, joinedBundle } from './bundle.js';
import { PARTS, readPart, type Part } from './parts.js';

/** Paths as the user gave them, for one component or for all. */
export type TlsPaths = Partial<Record<Part, string>>;

/** The components that serve webhooks, by the names of their Deployments, with what their flags begin with. */
export const COMPONENTS = [
  { deployment: 'kthena-router', prefix: '--router-tls' },
  { deployment: 'kthena-controller-manager', prefix: '--controller-manager-tls' },
] as const;

export type ComponentName = (typeof COMPONENTS)[number]['deployment'];

export interface TlsFlags {
  /** For every component that has none of its own. */
  all: TlsPaths;
  components: Record<ComponentName, TlsPaths>;
}

/** A file that was read, with the flag it was given by. */
export interface TlsFile {
  flag: string;
  path: string;
  text: string;
}

export type TlsParts = Partial<Record<Part, TlsFile>>;

/** The files of all flags. */
export interface TlsFiles {
  all: TlsParts;
  components: Record<ComponentName, TlsParts>;
  /** The CAs that are in use, as one PEM text without repeats. */
  ca: string;
  /** The flag that stands for all of them in messages. */
  flag: string;
}

const ENDINGS: Record<Part, string> = { certificate: 'cert-file', privateKey: 'private-key-file', ca: 'ca-file' };
/** Far more than any chain takes. */
const MAX_BYTES = 1024 * 1024;

/** `--router-tls-cert-file`, or `--tls-cert-file` for all components. */
export function flagFor(part: Part, prefix = '--tls'): string {
  return `${prefix}-${ENDINGS[part]}`;
}

/**
 * Reads the files, and the CAs out of them: what the webhooks will trust must be known before anything is rendered.
 *
 * @throws KthenaError `usage` for a file that cannot be read, or where a CA is missing
 */
export async function readTlsFiles({ all, components }: TlsFlags): Promise<TlsFiles> {
  // A pipe can be read once only, and one file may stand for several parts.
  const texts = new Map<string, Promise<string>>();
  const read = (paths: TlsPaths, prefix?: string): Promise<TlsParts> => readParts(paths, prefix, texts);
  const [common, ...own] = await Promise.all([
    read(all),
    ...COMPONENTS.map(({ deployment, prefix }) => read(components[deployment], prefix)),
  ]);
  const byName = Object.fromEntries(
    COMPONENTS.map(({ deployment }, index) => [deployment, own[index]!]),
  ) as TlsFiles['components'];
  const authorities = new Set([...own, {}].map(({ ca }: TlsParts) => ca ?? common.ca).filter((ca) => ca !== undefined));
  if (authorities.size === 0) throw missingAuthority([common, ...own]);
  for (const authority of authorities) checkAuthority(authority);
  const flag = [...authorities][0]!.flag;
  return { all: common, components: byName, ca: joinedBundle(...[...authorities].map(({ text }) => text)), flag };
}

async function readParts(
  paths: TlsPaths,
  prefix: string | undefined,
  texts: Map<string, Promise<string>>,
): Promise<TlsParts> {
  const parts: TlsParts = {};
  for (const part of PARTS) {
    const path = paths[part];
    if (path === undefined) continue;
    const flag = flagFor(part, prefix);
    if (!texts.has(path)) texts.set(path, readPem(flag, path));
    parts[part] = { flag, path, text: await texts.get(path)! };
  }
  return parts;
}

async function readPem(flag: string, path: string): Promise<string> {
  const bytes = await readFileUpTo(path, MAX_BYTES).catch((cause: NodeJS.ErrnoException) => {
    throw new KthenaError('usage', `${flag} ${path}: ${reasonNotRead(cause) ?? cause.message}`, { cause });
  });
  if (bytes === undefined)
    throw new KthenaError('usage', `${flag} ${path}: larger than 1 MiB, which no certificate is`);
  return bytes.toString('latin1');
}

function checkAuthority({ flag, path, text }: TlsFile): void {
  const { problems } = readPart('ca', text);
  if (problems.length === 0 && certificatesOf(text).length > 0) return;
  throw new KthenaError('usage', `${flag} ${path}: ${problems.map(({ message }) => message).join('; ')}`, {
    hint: 'It takes the certificate of the CA that signed the serving certificate, as PEM.',
  });
}

function missingAuthority(given: readonly TlsParts[]): KthenaError {
  const first = given.flatMap((parts) => Object.values(parts))[0]!.flag;
  return new KthenaError('usage', `${first}: ${flagFor('ca')} is missing`, {
    hint: 'Give the certificate of the CA that signed the serving certificate; of a self-signed one it is the certificate itself.',
  });
}
