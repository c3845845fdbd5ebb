/** More would not be read. */
const SHOWN = 20;

/** Collects what is wrong, for the details of one error: the first ones in full, the others as a number. */
export class Problems {
  readonly #shown: string[] = [];
  count = 0;

  add(problem: string): void {
    this.count++;
    if (this.count <= SHOWN) this.#shown.push(problem);
  }

  details(): string[] {
    const more = this.count - this.#shown.length;
    return more === 0 ? [...this.#shown] : [...this.#shown, `and ${more} more`];
  }
}
