import { open } from 'node:fs/promises';
import { KthenaError } from '../../errors.js';

/** What is read piece by piece: standard input. */
export type ByteSource = AsyncIterable<Buffer>;

/**
 * Reads a file or stream of bounded length; it stops at the bound, so that a pipe or a device without end does no harm.
 *
 * @returns undefined where there is more
 * @throws KthenaError `bundle` where a file cannot be read
 */
export async function readBytes(source: string | ByteSource, limit: number): Promise<Buffer | undefined> {
  if (typeof source !== 'string') return collect(source, limit);
  try {
    const file = await open(source);
    try {
      return await collect(file.createReadStream({ autoClose: false, end: limit }) as ByteSource, limit);
    } finally {
      await file.close();
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new KthenaError('bundle', `it cannot be read (${code ?? message})`, { cause });
  }
}

async function collect(source: ByteSource, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) return undefined;
  }
  return Buffer.concat(chunks);
}
