import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { GO_MODULES } from './programs.mjs';

/** Folder in the user's cache for all that outlives a run. */
export function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kthena-test');
}

/**
 * Folder of the built programs: one for each set of sources, so that checkouts
 * with different versions do not get in each other's way.
 */
export function programsFolder() {
  const hash = createHash('sha256').update(`${process.platform}/${process.arch}\n`);
  for (const file of sources()) hash.update(`${file.name}\n`).update(file.content);
  return join(cacheFolder(), hash.digest('hex').slice(0, 16));
}

function sources() {
  const goFiles = readdirSync(GO_MODULES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return [...goFiles, join(import.meta.dirname, 'programs.mjs')]
    .map((path) => ({ name: relative(import.meta.dirname, path), content: readFileSync(path) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
