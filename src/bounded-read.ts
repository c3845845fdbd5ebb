import { open } from 'node:fs/promises';

/** What is read piece by piece: standard input. */
export type ByteSource = AsyncIterable<Buffer>;

/**
 * The bytes of a file of bounded length; it stops at the bound, so that a pipe or a device without end does no harm.
 *
 * @returns undefined where there is more
 * @throws what the file system says
 */
export async function readFileUpTo(path: string, limit: number): Promise<Buffer | undefined> {
  const file = await open(path);
  try {
    return await collectUpTo(file.createReadStream({ autoClose: false, end: limit }) as ByteSource, limit);
  } finally {
    await file.close();
  }
}

/** As `readFileUpTo`, of a stream. */
export async function collectUpTo(source: ByteSource, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) return undefined;
  }
  return Buffer.concat(chunks);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'this is a folder, not a file',
  EACCES: 'no permission to read this file',
  ENOTDIR: 'no such file: a part of the path is not a folder',
};

/** Why a file that the user has named cannot be read, in words; undefined where only the code of the error tells. */
export function reasonNotRead({ code = '' }: NodeJS.ErrnoException): string | undefined {
  return REASONS[code];
}
