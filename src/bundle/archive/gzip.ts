import { crc32, gunzipSync } from 'node:zlib';
import { KthenaError } from '../../errors.js';
import { BUNDLE_LIMITS, bytesText } from './limits.js';

/** Identification, method deflate, no flags, time 0, no extra flags, system unknown. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** The most that a stored block of deflate holds. */
const STORED_BLOCK = 65_535;

/** Packed data this small may come to this much whatever its ratio: a file of zeros in a small archive is no bomb yet. */
const FREE_BYTES = 1024 * 1024;

/**
 * Unpacks gzip data, which may not come to more than a bundle can take.
 *
 * @throws KthenaError `bundle`
 */
export function gunzip(packed: Buffer): Buffer {
  if (packed[0] !== 0x1f || packed[1] !== 0x8b) {
    throw new KthenaError('bundle', 'this is no bundle: it is not a gzip file', {
      hint: 'kthena package writes bundles; a folder can be named too.',
    });
  }
  const byRatio = Math.max(FREE_BYTES, packed.length * BUNDLE_LIMITS.ratio);
  try {
    const { buffer, engine } = gunzipSync(packed, {
      info: true,
      maxOutputLength: Math.min(byRatio, BUNDLE_LIMITS.unpackedBytes),
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    if (engine.bytesWritten !== packed.length) throw damaged('there is something after its end');
    return buffer;
  } catch (cause) {
    if (cause instanceof KthenaError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'ERR_BUFFER_TOO_LARGE') throw damaged(message, cause);
    const limit =
      byRatio < BUNDLE_LIMITS.unpackedBytes
        ? `more than ${BUNDLE_LIMITS.ratio} times its size`
        : `more than ${bytesText(BUNDLE_LIMITS.unpackedBytes)}`;
    throw new KthenaError('bundle', `the archive unpacks to ${limit}`, { cause });
  }
}

/**
 * Packs data as gzip without compressing it. What a compressor makes of the same data differs between versions of zlib and between
 * processors; stored blocks are the same everywhere.
 */
export function gzipStored(data: Buffer): Buffer {
  const parts: Buffer[] = [HEADER];
  for (let at = 0; at === 0 || at < data.length; at += STORED_BLOCK) {
    const block = data.subarray(at, at + STORED_BLOCK);
    const head = Buffer.alloc(5);
    head.writeUInt8(at + STORED_BLOCK >= data.length ? 1 : 0, 0);
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(block.length ^ 0xffff, 3);
    parts.push(head, block);
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(data), 0);
  trailer.writeUInt32LE(data.length, 4);
  return Buffer.concat([...parts, trailer]);
}

function damaged(how: string, cause?: unknown): KthenaError {
  return new KthenaError('bundle', `the gzip file is damaged: ${how}`, {
    hint: 'Fetch or package the bundle again.',
    cause,
  });
}
