import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `work` while holding `file` as a lock between processes. A lock whose
 * process has died is taken over. Two processes may do so at the same instant and
 * both get it: what is locked must stay correct then, only slower.
 *
 * @template T
 * @param {string} file
 * @param {(holder: number) => void} onWait  told once, when another process has the lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, onWait, work) {
  let told = false;
  while (!(await acquire(file))) {
    const holder = Number(await readFile(file, 'utf8').catch(() => ''));
    // An empty file belongs to a process that is about to write its id.
    if (holder && !isAlive(holder)) {
      await rm(file, { force: true });
      continue;
    }
    if (holder && !told) onWait(holder);
    told ||= holder > 0;
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** @param {string} file */
async function acquire(file) {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * @param {number} pid
 * @returns {boolean} whether a process of that id runs
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
