import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './lock.mjs';

/** What the folder of every control plane begins with. */
export const FOLDER_PREFIX = 'kthena-cluster-';

const OWNER_FILE = 'supervisor.pid';

/**
 * Notes in a control plane's folder which process is to remove it.
 *
 * @param {string} folder
 * @param {number} pid
 */
export async function markOwner(folder, pid) {
  await writeFile(join(folder, OWNER_FILE), String(pid));
}

/**
 * Removes the folders of control planes whose supervisor was killed before it
 * could do so itself.
 *
 * @param {string} root  where the folders are
 */
export async function removeLeftovers(root) {
  const names = (await readdir(root)).filter((name) => name.startsWith(FOLDER_PREFIX));
  await Promise.all(
    names.map(async (name) => {
      // Another user's folder cannot be read, and one without an owner is being set up.
      const owner = Number(await readFile(join(root, name, OWNER_FILE), 'utf8').catch(() => ''));
      if (owner && !isAlive(owner)) await rm(join(root, name), { recursive: true, force: true });
    }),
  );
}
