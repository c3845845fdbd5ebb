import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Candidate } from './candidate.js';

/**
 * Files and folders that begin as the text does; folders end in `/`. Hidden ones only where the text asks for them.
 *
 * @param only `folder` leaves the files out
 */
export async function pathCandidates(
  text: string,
  { cwd, only }: { cwd: string; only?: 'folder' },
): Promise<Candidate[]> {
  const above = text.slice(0, text.lastIndexOf('/') + 1);
  const name = text.slice(above.length);
  const folder = resolve(cwd, above.replace(/^~(?=\/)/, homedir()));
  const entries = await readdir(folder, { withFileTypes: true });
  const wanted = entries.filter(
    (entry) => entry.name.startsWith(name) && (name.startsWith('.') || !entry.name.startsWith('.')),
  );
  const candidates = await Promise.all(
    wanted.map(async (entry) => {
      const target = entry.isSymbolicLink() ? await stat(resolve(folder, entry.name)).catch(() => entry) : entry;
      if (target.isDirectory()) return [{ text: `${above}${entry.name}/` }];
      return only === 'folder' ? [] : [{ text: above + entry.name }];
    }),
  );
  return candidates.flat().sort((a, b) => (a.text < b.text ? -1 : 1));
}
