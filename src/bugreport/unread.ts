import { KthenaError } from '../errors.js';
import { interruption } from '../kube/interruption.js';
import { maskText } from './mask.js';

/** What a report lacks, and why: what a user may not read does not keep the rest from being reported. */
export class Unread {
  readonly #entries: string[] = [];
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get entries(): readonly string[] {
    return this.#entries;
  }

  add(what: string, why: string): void {
    this.#entries.push(`${what}: ${maskText(why).replaceAll(/\s*\n\s*/g, ' ')}`);
  }

  /**
   * What could be read; undefined where that was refused or failed, which is noted.
   *
   * @throws KthenaError where the user stopped the work, or where the API server answers nothing any more
   */
  async attempt<T>(what: string, read: () => Promise<T>): Promise<T | undefined> {
    if (this.#signal.aborted) throw interruption(this.#signal);
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof KthenaError) || this.#signal.aborted || LASTING.has(error.code)) throw error;
      this.add(what, error.message);
      return undefined;
    }
  }
}

/** What would be the same for everything that follows. */
const LASTING: ReadonlySet<string> = new Set(['unreachable', 'unauthorized', 'interrupted']);
