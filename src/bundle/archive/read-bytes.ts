import { collectUpTo, readFileUpTo, type ByteSource } from '../../bounded-read.js';
import { KthenaError } from '../../errors.js';

/**
 * Reads a file or stream of bounded length.
 *
 * @returns undefined where there is more
 * @throws KthenaError `bundle` where a file cannot be read
 */
export async function readBytes(source: string | ByteSource, limit: number): Promise<Buffer | undefined> {
  if (typeof source !== 'string') return collectUpTo(source, limit);
  try {
    return await readFileUpTo(source, limit);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new KthenaError('bundle', `it cannot be read (${code ?? message})`, { cause });
  }
}
