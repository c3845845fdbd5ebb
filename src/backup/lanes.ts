/** Runs pieces of work side by side, a bounded number at a time, and hands on their results in the order of the work. */
export class Lanes<T> {
  readonly #limit: number;
  readonly #take: (result: T) => Promise<void> | void;
  readonly #running: Promise<T>[] = [];

  constructor(limit: number, take: (result: T) => Promise<void> | void) {
    this.#limit = limit;
    this.#take = take;
  }

  /** Resolves when there is room for the next one; throws what an earlier piece of work has thrown. */
  async add(work: () => Promise<T>): Promise<void> {
    const running = work();
    // Its time to be heard comes when it is the oldest.
    running.catch(() => undefined);
    this.#running.push(running);
    if (this.#running.length >= this.#limit) await this.#takeOldest();
  }

  /** Waits for all that runs. Throws the first error, after the results of the others have been taken. */
  async drain(): Promise<void> {
    const errors: unknown[] = [];
    while (this.#running.length > 0) await this.#takeOldest().catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw errors[0];
  }

  async #takeOldest(): Promise<void> {
    await this.#take(await this.#running.shift()!);
  }
}
