import { stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KthenaError } from '../errors.js';
import { compileSchema } from '../values/compile.js';
import { BUNDLE_LIMITS, bytesText } from './archive/limits.js';
import type { ByteSource } from '../bounded-read.js';
import { readBytes } from './archive/read-bytes.js';
import { CHECKSUMS, sha256, verifyChecksums } from './archive/checksums.js';
import { gunzip } from './archive/gzip.js';
import { readTar } from './archive/tar.js';
import { readObjectSchemas } from './built-in.js';
import type { Bundle } from './bundle.js';
import { CHART, checkChart, GUARD, readChart } from './chart.js';
import { readSourceFolder, readUnpacked } from './folder.js';
import { CONTENTS, TOP } from './layout.js';
import { parseBundle, type BundleFiles } from './parse.js';

/** A bundle from elsewhere. */
export interface LoadedBundle {
  bundle: Bundle;
  /** Its files as they are written. */
  files: BundleFiles;
  /** Undefined for a folder. */
  digest?: string;
  /** A folder that is worked on has none. */
  checksums: 'verified' | 'none';
}

/**
 * Loads a bundle from an archive, a folder or standard input. Nothing in it is trusted: it is refused, with the reason, for anything that
 * is not in its form. Its expressions are not compiled here.
 *
 * @param reference path of the archive or folder, or `-`
 * @throws KthenaError `bundle`, without the reference
 */
export async function loadBundle(reference: string, stdin: () => ByteSource): Promise<LoadedBundle> {
  if (reference !== '-' && (await isFolder(reference))) return loadFolder(reference);
  const archive = await readBytes(reference === '-' ? stdin() : reference, BUNDLE_LIMITS.archiveBytes);
  if (archive === undefined)
    throw new KthenaError('bundle', `larger than ${bytesText(BUNDLE_LIMITS.archiveBytes)}, the most a bundle may take`);
  const files = new Map<string, Buffer>();
  for (const { path, data } of readTar(gunzip(archive))) {
    if (!path.startsWith(TOP))
      throw new KthenaError('bundle', `${path}: everything in a bundle is in the folder ${TOP}`);
    files.set(path.slice(TOP.length), data);
  }
  return { ...openPacked(files), digest: sha256(archive) };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(path);
    throw new KthenaError(
      'bundle',
      code === 'ENOENT' ? 'no such file or folder' : `it cannot be read (${code ?? message})`,
      {
        hint: isUrl ? 'Fetch the bundle first (oras pull, helm pull, curl), or pipe it in with --bundle -.' : undefined,
        cause,
      },
    );
  }
}

async function loadFolder(path: string): Promise<LoadedBundle> {
  if (existsSync(join(path, CHART))) return openPacked(await readUnpacked(path));
  const files = textsOf(await readSourceFolder(path));
  return { bundle: bundleOf(files), files, checksums: 'none' };
}

function openPacked(packed: ReadonlyMap<string, Buffer>): LoadedBundle {
  const chartFile = packed.get(CHART);
  if (chartFile === undefined) throw new KthenaError('bundle', `it has no ${TOP}${CHART}: this is no bundle of Kthena`);
  const chart = readChart(textOf(CHART, chartFile));
  verifyChecksums(packed);
  const contents = new Map<string, Buffer>();
  for (const [path, data] of packed) {
    if ([CHART, GUARD, CHECKSUMS].includes(path)) continue;
    if (!path.startsWith(CONTENTS)) throw new KthenaError('bundle', `${path}: no part of a bundle has this place`);
    contents.set(path.slice(CONTENTS.length), data);
  }
  const files = textsOf(contents);
  const bundle = bundleOf(files);
  checkChart(chart, bundle);
  return { bundle, files, checksums: 'verified' };
}

function bundleOf(files: BundleFiles): Bundle {
  const { definition, crds, ...parts } = parseBundle(files);
  return {
    ...definition,
    ...parts,
    isBuiltIn: false,
    crds: () => Promise.resolve(crds),
    objectSchemas: readObjectSchemas,
    validator: () => compileSchema(parts.schema) as ReturnType<Bundle['validator']>,
    crdTexts: () => Promise.resolve(new Map(crds.map(({ path }) => [path, files.get(path)!]))),
  };
}

function textsOf(files: ReadonlyMap<string, Buffer>): Map<string, string> {
  return new Map([...files].map(([path, data]) => [path, textOf(path, data)]));
}

function textOf(path: string, data: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(data);
  } catch (cause) {
    throw new KthenaError('bundle', `${path}: this is not UTF-8 text`, { cause });
  }
}
