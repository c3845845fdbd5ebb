import { open } from 'node:fs/promises';
import { KthenaError } from '../errors.js';
import { MAX_FILE_BYTES } from './value.js';

const REASONS: Record<string, string> = {
  ENOENT: 'no such file',
  EISDIR: 'this is a folder, not a file',
  EACCES: 'no permission to read this file',
  ENOTDIR: 'no such file: a part of the path is not a folder',
};

/**
 * Reads a file as UTF-8, without a byte order mark.
 *
 * It stops at the bound, so that a pipe or a device without end is refused too.
 *
 * @throws KthenaError `values` with the path first
 */
export async function readTextFile(path: string): Promise<string> {
  return decodeText(await readBytes(path), path);
}

/** What is said of a file or standard input beyond the bound. */
export function tooLarge(name: string): KthenaError {
  return new KthenaError(
    'values',
    `${name}: larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB, the most that values may take`,
  );
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of file.createReadStream({
        autoClose: false,
        end: MAX_FILE_BYTES,
      }) as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        size += chunk.length;
      }
      if (size > MAX_FILE_BYTES) throw tooLarge(path);
      return Buffer.concat(chunks);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof KthenaError) throw cause;
    throw unreadable(path, cause as NodeJS.ErrnoException);
  }
}

function unreadable(path: string, cause: NodeJS.ErrnoException): KthenaError {
  const reason = REASONS[cause.code ?? ''] ?? `cannot be read (${cause.code ?? cause.message})`;
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return new KthenaError('values', `${path}: ${reason}`, { cause });
  return new KthenaError('values', `${path}: values are read from files and standard input only`, {
    hint: 'Fetch the file first, or pipe it in: curl … | kthena … -f -',
    cause,
  });
}

function decodeText(bytes: Buffer, path: string): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new KthenaError('values', `${path}: this is UTF-16; save the file as UTF-8`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new KthenaError('values', `${path}: this is not UTF-8 text`, { cause });
  }
}
