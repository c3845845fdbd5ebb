import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** @typedef {import('./parts.mjs').Part} Part */

/**
 * Runs the parts of one control plane under the helper's `supervise`, which ends
 * them and removes the folder as soon as this process is gone, however it went.
 */
export class Supervisor {
  #child;
  #bin;
  #folder;
  #stopping = false;
  /** Rejects when a part ends by itself; never resolves. @type {Promise<never>} */
  failure;
  /** Resolves when all parts have ended and the folder is gone. @type {Promise<void>} */
  gone;

  /**
   * @param {string} bin     folder of the programs
   * @param {string} folder  where the parts work and log; removed at the end
   */
  constructor(bin, folder) {
    this.#bin = bin;
    this.#folder = folder;
    // A session of its own, so that Ctrl-C in the terminal does not reach the parts
    // before the tests had a chance to end in good order.
    const child = spawn(join(bin, 'cluster-helper'), ['supervise', folder], {
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child = child;
    child.stdin.on('error', () => {}); // the supervisor is gone: `failure` tells
    this.gone = new Promise((resolve) => child.once('exit', () => resolve()));
    this.failure = new Promise((_, reject) => {
      child.once('error', reject);
      child.once('exit', () => this.#stopping || reject(new Error('the supervisor of the control plane was killed')));
      createInterface({ input: child.stdout }).on('line', (line) => this.#report(JSON.parse(line), reject));
    });
    this.failure.catch(() => {}); // whoever waits for it hears of it
    // A script that forgets to stop the control plane still ends, and that stops it.
    child.unref();
    for (const pipe of [child.stdin, child.stdout]) /** @type {import('node:net').Socket} */ (pipe).unref();
  }

  /** The supervisor's process id. */
  get pid() {
    return this.#child.pid;
  }

  /** @param {Part} part */
  start(part) {
    const order = { name: part.name, path: join(this.#bin, part.name), args: part.args, log: this.logFile(part.name) };
    this.#child.stdin.write(JSON.stringify(order) + '\n');
  }

  /** Ends all parts and removes the folder. */
  async stop() {
    this.#stopping = true;
    this.#child.ref();
    this.#child.stdin.end();
    await this.gone;
  }

  /** @param {string} part */
  logFile(part) {
    return join(this.#folder, `${part}.log`);
  }

  /**
   * @param {{ name: string, event: string, cause?: string }} report
   * @param {(error: Error) => void} fail
   */
  async #report({ name, event, cause }, fail) {
    if (event !== 'ended' || this.#stopping) return;
    const log = await readFile(this.logFile(name), 'utf8').catch(() => '');
    const tail = log.trimEnd().split('\n').slice(-15).join('\n');
    fail(new Error(`${name} ended by itself (${cause}); the end of its log:\n${tail}`));
  }
}
