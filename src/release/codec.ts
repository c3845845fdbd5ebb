import { gunzipSync, gzipSync } from 'node:zlib';
import type { Release } from './release.js';
import { damaged, releaseOf } from './shape.js';

/** A record of one MiB can unpack to a thousand times as much; a real one to a few MiB. */
export const MAX_JSON_BYTES = 64 * 1024 * 1024;

/** Gzip with the deflate method. Records written before Helm compressed them do not begin so. */
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b, 0x08]);

/** Offset of the operating system in a gzip header, and its value for "unknown" (RFC 1952), which is what Helm writes too. */
const GZIP_OS_OFFSET = 9;
const GZIP_OS_UNKNOWN = 255;

/**
 * A release as the bytes of `data.release`, before the base64 that every Secret's data has: JSON → gzip → base64.
 * The same release gives the same text on every system.
 */
export function encodeRelease(release: Release): string {
  const { stored: _, missing: __, config, ...record } = release;
  // Helm leaves out an empty config; written as `{}`, `helm get values` would answer differently.
  const json = JSON.stringify(Object.keys(config).length === 0 ? record : { ...record, config });
  const packed = gzipSync(json, { level: 9 });
  packed[GZIP_OS_OFFSET] = GZIP_OS_UNKNOWN;
  return packed.toString('base64');
}

/**
 * The reverse of `encodeRelease`, also of what Helm 3 and 4 wrote, compressed or not.
 * `where` names the Secret in the KthenaError `cluster` that damaged data throws; no content of the record appears in it.
 */
export function decodeRelease(text: string, where: string): Release {
  const json = unpack(bytesOf(text, where), where);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // Its message quotes the text around the fault, which may be a credential: it must not become the cause.
    throw damaged(where, 'it does not hold JSON');
  }
  return releaseOf(value, where);
}

function bytesOf(text: string, where: string): Buffer {
  const base64 = text.replace(/[\r\n]/g, '');
  if (base64 === '') throw damaged(where, 'it is empty');
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) throw damaged(where, 'it is not base64');
  return Buffer.from(base64, 'base64');
}

function unpack(bytes: Buffer, where: string): string {
  if (!bytes.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC)) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_JSON_BYTES }).toString('utf8');
  } catch (error) {
    if (error instanceof RangeError) throw damaged(where, `it unpacks to more than ${MAX_JSON_BYTES} bytes`);
    throw damaged(where, 'its gzip data is broken or cut off', error);
  }
}
