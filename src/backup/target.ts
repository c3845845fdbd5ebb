import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, lstat, open, rename, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { KthenaError } from '../errors.js';
import { codeOf, fileError } from './file-error.js';

/** A file that comes into being as a whole or not at all. */
export interface Target {
  /** Where its contents are until then: a hidden name beside it, which no restore is given by accident. */
  readonly temporary: string;
  /** Stores the chunks, compressed where the file's name ends in `.gz` or `.tgz`, and has them written to the disk. */
  write(chunks: AsyncIterable<Buffer>): Promise<void>;
  /** Gives the file a name in the same folder. Throws KthenaError `failed` where one has that name and is not to be replaced. */
  publish(path: string, options: { replace: boolean }): Promise<void>;
  /** Removes what was written; after `publish` there is nothing to remove. */
  discard(): Promise<void>;
}

/** Only the owner may read it: resources can hold what is not for everybody. */
const MODE = 0o600;
/** What a file system without hard links answers. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** @param path where the file is going to be; nothing is created yet */
export function createTarget(path: string): Target {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.partial`);
  return {
    temporary,
    write: async (chunks) => {
      try {
        const file = createWriteStream(temporary, { flags: 'wx', mode: MODE, flush: true });
        if (/\.t?gz$/.test(path)) await pipeline(chunks, createGzip(), file);
        else await pipeline(chunks, file);
      } catch (error) {
        throw fileError(error, `${path} cannot be written`);
      }
    },
    publish: async (name, { replace }) => {
      try {
        if (replace) await rename(temporary, name);
        else await renameToFree(temporary, name);
        await syncFolder(dirname(name));
      } catch (error) {
        if (codeOf(error) === 'EEXIST') throw exists(name);
        throw fileError(error, `${name} cannot be written`);
      }
    },
    discard: () => rm(temporary, { force: true }),
  };
}

/**
 * In time, so that nobody waits for a backup that cannot be stored.
 *
 * @throws KthenaError `failed` where the file is there and not to be replaced, or is none; `usage` where it has no name
 */
export async function checkFree(path: string, { replace }: { replace: boolean }): Promise<void> {
  if (path === '' || path.endsWith('/'))
    throw new KthenaError('usage', `"${path}" is not the name of a file`, { hint: 'Name the file to write.' });
  try {
    const found = await lstat(path);
    if (found.isDirectory()) throw new KthenaError('failed', `${path} is a folder`, { hint: 'Name a file in it.' });
    if (!replace) throw exists(path);
    if (!found.isFile()) throw new KthenaError('failed', `${path} is not a file that could be replaced`);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw fileError(error, `${path} cannot be written`);
  }
}

function exists(path: string): KthenaError {
  return new KthenaError('failed', `${path} is there already`, {
    hint: 'Name another file, or move this one away.',
  });
}

/** `rename` would replace a file that somebody else has made in the meantime; `link` does not. */
async function renameToFree(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!NO_LINKS.includes(codeOf(error) ?? '')) throw error;
    await checkFree(to, { replace: false });
    return rename(from, to);
  }
  await unlink(from);
}

/** So that the name too survives a loss of power; not every system can do that. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
