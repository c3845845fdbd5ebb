import { KthenaError } from '../../errors.js';
import { BUNDLE_LIMITS } from './limits.js';

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Refuses a path that could lead out of the folder a bundle is unpacked into, or that means something else on another system.
 *
 * @throws KthenaError `bundle`
 */
export function checkPath(path: string): void {
  const problem = pathProblem(path);
  if (problem !== undefined) throw new KthenaError('bundle', `${JSON.stringify(path)}: ${problem}`);
}

function pathProblem(path: string): string | undefined {
  if (path === '') return 'an entry without a name';
  if (Buffer.byteLength(path) > BUNDLE_LIMITS.pathBytes)
    return `the path is longer than ${BUNDLE_LIMITS.pathBytes} bytes`;
  if (CONTROL.test(path)) return 'the path has control characters';
  if (path.includes('\ufffd')) return 'the path is not UTF-8 text';
  if (path.includes('\\')) return 'the path has a backslash';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'the path is absolute';
  const segments = path.split('/');
  if (segments.includes('..')) return 'the path leads out of the bundle';
  if (segments.includes('') || segments.includes('.')) return 'the path is not in its plain form';
  if (segments.length > BUNDLE_LIMITS.pathDepth)
    return `the path is nested more than ${BUNDLE_LIMITS.pathDepth} folders deep`;
  return undefined;
}

/**
 * Refuses paths that cannot all be there on every file system.
 *
 * @throws KthenaError `bundle` naming the second of two
 */
export function checkDistinct(paths: readonly string[]): void {
  const files = new Map<string, string>();
  for (const path of paths) {
    const key = path.normalize('NFC').toLowerCase();
    const other = files.get(key);
    if (other === path) throw new KthenaError('bundle', `${path}: the archive has this file twice`);
    if (other !== undefined)
      throw new KthenaError('bundle', `${path}: on some systems this is the same file as ${other}`);
    files.set(key, path);
  }
  for (const [key, path] of files) {
    const parents = key.split('/').map((_, index, segments) => segments.slice(0, index).join('/'));
    const file = parents.find((parent) => files.has(parent));
    if (file !== undefined) throw new KthenaError('bundle', `${path}: ${files.get(file)} is both a file and a folder`);
  }
}
