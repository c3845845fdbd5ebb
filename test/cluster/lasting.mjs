import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from './cache.mjs';
import { isAlive, withLock } from './lock.mjs';

/**
 * The control plane of `cluster up`, which lasts until `cluster down`: a keeper
 * process holds it, and a file in the cache tells where it is.
 *
 * @typedef {import('./index.d.mts').ClusterInfo & { pid: number }} Lasting  pid is the keeper's
 */

/** The file's path. */
export const stateFile = () => join(cacheFolder(), 'cluster.json');

/** @returns {Lasting | undefined} the control plane that runs, if one does */
export function findLasting() {
  if (!existsSync(stateFile())) return undefined;
  const state = /** @type {Lasting} */ (JSON.parse(readFileSync(stateFile(), 'utf8')));
  // After a reboot the id may be another process's, but the folder is gone then.
  return isAlive(state.pid) && existsSync(state.kubeconfig) ? state : undefined;
}

/** @returns {Promise<{ cluster: Lasting, already: boolean }>} the control plane, and whether it ran before */
export async function startLasting() {
  await mkdir(cacheFolder(), { recursive: true });
  const onWait = (/** @type {number} */ pid) => console.error(`Waiting for process ${pid}, which is starting one…`);
  return withLock(join(cacheFolder(), 'cluster.lock'), onWait, async () => {
    const running = findLasting();
    if (running) return { cluster: running, already: true };
    return { cluster: await startKeeper(), already: false };
  });
}

/** @returns {Promise<boolean>} whether there was one to stop */
export async function stopLasting() {
  const cluster = findLasting();
  if (!cluster) return false;
  process.kill(cluster.pid, 'SIGTERM');
  while (isAlive(cluster.pid)) await sleep(20);
  return true;
}

async function startKeeper() {
  const logFile = join(cacheFolder(), 'keeper.log');
  const log = await open(logFile, 'w');
  const keeper = spawn(process.execPath, [join(import.meta.dirname, 'keeper.mjs')], {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  keeper.unref();
  await log.close();
  for (;;) {
    const cluster = findLasting();
    if (cluster) return cluster;
    if (keeper.exitCode !== null) throw new Error((await readFile(logFile, 'utf8')).trim());
    await sleep(50);
  }
}
