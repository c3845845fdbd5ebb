import { open, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { KthenaError } from '../errors.js';
import { fileError } from './file-error.js';
import { cutOff } from './read.js';

const CHUNK_BYTES = 1 << 18;

/** A backup file, open: what is read twice is the same file, whatever becomes of its name. */
export interface BackupSource {
  /** The uncompressed bytes from the first on. Throws KthenaError `failed` where they cannot be read or unpacked. */
  chunks(): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

/** @throws KthenaError `failed` where there is no such file */
export async function openSource(path: string): Promise<BackupSource> {
  const handle = await openFile(path);
  try {
    const compressed = await beginsWithGzip(handle);
    return {
      chunks: () => (compressed ? unpacked(handle, path) : contents(handle, path)),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw fileError(error, `${path} cannot be read`);
  }
}

async function openFile(path: string): Promise<FileHandle> {
  if (path === '-') throw notAFile('standard input');
  if (path === '')
    throw new KthenaError('usage', 'the name of the backup is empty', { hint: 'Name the file to read.' });
  try {
    const handle = await open(path, 'r');
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    throw fileError(error, `${path} cannot be read`);
  }
  throw notAFile(path);
}

function notAFile(path: string): KthenaError {
  return new KthenaError('failed', `${path} is not a file`, {
    hint: 'A backup is read twice, so that it cannot come through a pipe: store it first.',
  });
}

async function beginsWithGzip(handle: FileHandle): Promise<boolean> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
}

/** Without a stream: one closes the file when it ends early. */
async function* contents(handle: FileHandle, path: string): AsyncGenerator<Buffer> {
  let position = 0;
  for (;;) {
    const { bytesRead, buffer } = await handle
      .read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, position)
      .catch((error: unknown) => {
        throw fileError(error, `${path} cannot be read`);
      });
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Unpacks no faster than it is read, so that a small file that unpacks to a huge one costs no memory. */
async function* unpacked(handle: FileHandle, path: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // What goes wrong with it comes out of the gunzip.
  const feeding = pipeline(contents(handle, path), gunzip).catch(() => undefined);
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw cutOff(path);
    if (code?.startsWith('Z_') !== true) throw error;
    throw new KthenaError('failed', `${path} is damaged: it cannot be unpacked`, {
      hint: 'Take an intact copy of the backup.',
      cause: error,
    });
  } finally {
    gunzip.destroy();
    await feeding;
  }
}
