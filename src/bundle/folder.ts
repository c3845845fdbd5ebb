import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KthenaError } from '../errors.js';
import { BUNDLE_LIMITS, bytesText } from './archive/limits.js';
import { checkDistinct, checkPath } from './archive/paths.js';

/**
 * The files of a bundle in the form in which it is worked on, as this repository has them: all of `manifests/`, and the `.yaml` files
 * right in `crds/`, beside which a site may keep what they are made from.
 *
 * @throws KthenaError `bundle`
 */
export async function readSourceFolder(root: string): Promise<Map<string, Buffer>> {
  const crds = await readTree(root, 'crds', { deep: false });
  const manifests = await readTree(root, 'manifests', { deep: true });
  return new Map([...crds.filter(([path]) => path.endsWith('.yaml')), ...manifests]);
}

/**
 * Every file of an unpacked bundle.
 *
 * @throws KthenaError `bundle`
 */
export async function readUnpacked(root: string): Promise<Map<string, Buffer>> {
  return new Map(await readTree(root, '', { deep: true }));
}

async function readTree(root: string, folder: string, { deep }: { deep: boolean }): Promise<[string, Buffer][]> {
  const paths: string[] = [];
  await collect(root, folder, deep, paths);
  checkDistinct(paths);
  const files: [string, Buffer][] = [];
  let total = 0;
  for (const path of paths.sort()) {
    const { size } = await lstat(join(root, path));
    if (size > BUNDLE_LIMITS.fileBytes)
      throw new KthenaError('bundle', `${path}: larger than ${bytesText(BUNDLE_LIMITS.fileBytes)}`);
    total += size;
    if (total > BUNDLE_LIMITS.unpackedBytes)
      throw new KthenaError('bundle', `the folder holds more than ${bytesText(BUNDLE_LIMITS.unpackedBytes)}`);
    files.push([path, await readFile(join(root, path))]);
  }
  return files;
}

async function collect(root: string, folder: string, deep: boolean, paths: string[]): Promise<void> {
  for (const entry of await entriesOf(root, folder)) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    // Not in the files of this folder only: whether a link leads out depends on the machine.
    if (!deep && !(entry.isFile() && path.endsWith('.yaml')) && !entry.isSymbolicLink()) continue;
    checkPath(path);
    if (entry.isDirectory()) await collect(root, path, deep, paths);
    else if (entry.isFile()) paths.push(path);
    else throw new KthenaError('bundle', `${path}: a bundle has plain files only, no links and no devices`);
    if (paths.length > BUNDLE_LIMITS.entries)
      throw new KthenaError('bundle', `the folder has more than ${BUNDLE_LIMITS.entries} files`);
  }
}

async function entriesOf(root: string, folder: string) {
  try {
    return await readdir(join(root, folder), { withFileTypes: true });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such folder' : `it cannot be read (${code ?? message})`;
    throw new KthenaError('bundle', `${folder === '' ? '.' : folder}: ${reason}`, {
      hint: 'The folder of a bundle has crds/ and manifests/ in it.',
      cause,
    });
  }
}
