/**
 * One line on stderr that says what goes on and for how long: rewritten every
 * second in a terminal, repeated every half minute elsewhere.
 */
export class Progress {
  #what;
  #began = Date.now();
  #detail = '';
  #timer;

  /** @param {string} what */
  constructor(what) {
    this.#what = what;
    const interval = process.stderr.isTTY ? 1000 : 30_000;
    this.#show();
    this.#timer = setInterval(() => this.#show(), interval);
  }

  /** @param {string} detail  shown with the next line */
  update(detail) {
    this.#detail = detail;
  }

  /** @param {string} outcome */
  end(outcome) {
    clearInterval(this.#timer);
    this.#detail = outcome;
    this.#show();
    if (process.stderr.isTTY) process.stderr.write('\n');
  }

  #show() {
    const seconds = Math.round((Date.now() - this.#began) / 1000);
    const elapsed = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    const line = [this.#what, elapsed, this.#detail].filter(Boolean).join(' · ');
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
  }
}
