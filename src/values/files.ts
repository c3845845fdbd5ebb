import { readFileUpTo, reasonNotRead } from '../bounded-read.js';
import { KthenaError } from '../errors.js';
import { MAX_FILE_BYTES } from './value.js';

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
  const bytes = await readFileUpTo(path, MAX_FILE_BYTES).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(path, cause);
  });
  if (bytes === undefined) throw tooLarge(path);
  return bytes;
}

function unreadable(path: string, cause: NodeJS.ErrnoException): KthenaError {
  const reason = reasonNotRead(cause) ?? `cannot be read (${cause.code ?? cause.message})`;
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
