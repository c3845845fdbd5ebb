import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KthenaError } from '../errors.js';
import { printDocuments, type OutputDocument } from './template.js';

/**
 * Writes one file for each template, at its path below the folder, as `helm template --output-dir` does.
 *
 * @returns the paths written, in the order of the documents
 * @throws KthenaError `failed` where a file cannot be written
 */
export async function writeDocuments(
  folder: string,
  documents: readonly OutputDocument[],
  format: 'yaml' | 'json',
): Promise<string[]> {
  if (folder === '') throw new KthenaError('usage', '--output-dir: the name of the folder is missing');
  const files = new Map<string, OutputDocument[]>();
  for (const document of documents) {
    const path = join(folder, format === 'json' ? document.source.replace(/\.yaml$/, '.json') : document.source);
    files.set(path, [...(files.get(path) ?? []), document]);
  }
  for (const [path, content] of files) {
    try {
      await makeFolder(dirname(path));
      await writeFile(path, printDocuments(content, format));
    } catch (cause) {
      throw new KthenaError('failed', `${path} cannot be written: ${(cause as Error).message}`, { cause });
    }
  }
  return [...files.keys()];
}

/** Makes a folder and those above it. Node's own recursion never ends where the kernel lets nobody make one, as in /proc. */
async function makeFolder(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found !== undefined) {
    if (found.isDirectory()) return;
    throw new Error(`${path} is no folder`);
  }
  await makeFolder(dirname(path));
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
