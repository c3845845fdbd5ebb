/** Turns offsets into the text of a file into `file:line:column`, both counted from 1. */
export class LineIndex {
  #starts: number[] | undefined;

  /** @param name how the file is called in a place: its path as the user gave it, or `stdin` */
  constructor(
    readonly text: string,
    readonly name: string,
  ) {}

  describe(offset: number): string {
    this.#starts ??= lineStarts(this.text);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return `${this.name}:${low + 1}:${offset - (this.#starts[low] ?? 0) + 1}`;
  }
}

/** YAML ends a line with a line feed, a carriage return, or both. */
function lineStarts(text: string): number[] {
  return [0, ...Array.from(text.matchAll(/\r\n?|\n/g), (match) => match.index + match[0].length)];
}
