import { createHash } from 'node:crypto';
import { KthenaError } from '../../errors.js';

/** In the form that `sha256sum -c` reads; it names every other file of the bundle. */
export const CHECKSUMS = 'checksums.txt';

export function checksumsOf(files: ReadonlyMap<string, Buffer>): string {
  return [...files].map(([path, data]) => `${sha256(data)}  ${path}\n`).join('');
}

/**
 * Compares the files with their checksums.
 *
 * @throws KthenaError `bundle` naming the first file that differs, is missing or is not listed
 */
export function verifyChecksums(files: ReadonlyMap<string, Buffer>): void {
  const listed = files.get(CHECKSUMS);
  if (listed === undefined) {
    throw new KthenaError('bundle', `the bundle has no ${CHECKSUMS}`, { hint: 'kthena package writes it.' });
  }
  const expected = parseChecksums(listed.toString('utf8'));
  for (const path of expected.keys()) {
    if (!files.has(path)) throw new KthenaError('bundle', `${CHECKSUMS}: ${path} is not in the bundle`);
  }
  for (const [path, data] of files) {
    if (path === CHECKSUMS) continue;
    const entry = expected.get(path);
    if (entry === undefined) throw new KthenaError('bundle', `${path}: ${CHECKSUMS} does not list this file`);
    if (entry.digest === sha256(data)) continue;
    throw new KthenaError('bundle', `${path}: its contents do not match ${CHECKSUMS}:${entry.line}`, {
      hint: 'It was changed after it was packaged. Fetch the bundle again; where you changed it, package it anew.',
    });
  }
}

function parseChecksums(text: string): Map<string, { digest: string; line: number }> {
  const expected = new Map<string, { digest: string; line: number }>();
  for (const [index, entry] of text.replace(/\n$/, '').split('\n').entries()) {
    const line = index + 1;
    const [, digest, path] = /^([0-9a-f]{64}) [ *](.+)$/.exec(entry) ?? [];
    if (digest === undefined || path === undefined)
      throw new KthenaError('bundle', `${CHECKSUMS}:${line}: this is not a SHA-256 digest and a path`);
    if (expected.has(path)) throw new KthenaError('bundle', `${CHECKSUMS}:${line}: ${path} is listed twice`);
    expected.set(path, { digest, line });
  }
  return expected;
}

export function sha256(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
