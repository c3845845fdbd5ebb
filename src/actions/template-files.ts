import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KthenaError } from '../errors.js';
import { KUSTOMIZATION, printKustomization, resourcesOf } from './kustomization.js';
import { printDocuments, type OutputDocument } from './template.js';

export interface WrittenFiles {
  /** Paths in the order of the documents; the `kustomization.yaml` comes last. */
  written: string[];
  /** What an earlier run wrote and this one did not. */
  removed: string[];
}

/**
 * Writes one file for each template, at its path below the folder, as `helm template --output-dir` does, and a
 * `kustomization.yaml` that lists them. Files that the `kustomization.yaml` of an earlier run lists, and this one does not, are removed.
 *
 * @throws KthenaError `conflict` where there is a `kustomization.yaml` of somebody else, before anything is written;
 * `failed` where a file cannot be written
 */
export async function writeDocuments(
  folder: string,
  documents: readonly OutputDocument[],
  format: 'yaml' | 'json',
): Promise<WrittenFiles> {
  if (folder === '') throw new KthenaError('usage', '--output-dir: the name of the folder is missing');
  const files = new Map<string, OutputDocument[]>();
  for (const document of documents) {
    const name = format === 'json' ? document.source.replace(/\.yaml$/, '.json') : document.source;
    files.set(name, [...(files.get(name) ?? []), document]);
  }
  const kustomization = join(folder, KUSTOMIZATION);
  const earlier = await earlierFiles(kustomization);
  for (const [name, content] of files) await write(join(folder, name), printDocuments(content, format));
  await write(kustomization, printKustomization([...files.keys()]));
  const removed = earlier.filter((name) => !files.has(name)).map((name) => join(folder, name));
  for (const path of removed) await remove(path);
  return { written: [...[...files.keys()].map((name) => join(folder, name)), kustomization], removed };
}

async function earlierFiles(kustomization: string): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(kustomization, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new KthenaError('failed', `${kustomization} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const resources = resourcesOf(text);
  if (resources !== undefined) return resources;
  throw new KthenaError('conflict', `${kustomization} is not as kthena wrote it; nothing was written`, {
    hint: 'Write into a folder of its own, and list that folder under the resources of your kustomization.',
  });
}

async function write(path: string, text: string): Promise<void> {
  try {
    await makeFolder(dirname(path));
    await writeFile(path, text);
  } catch (cause) {
    throw new KthenaError('failed', `${path} cannot be written: ${(cause as Error).message}`, { cause });
  }
}

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (cause) {
    throw new KthenaError('failed', `${path} cannot be removed: ${(cause as Error).message}`, { cause });
  }
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
