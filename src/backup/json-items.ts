const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
/** Map of the list, its `items`, an item. */
const ITEM_DEPTH = 3;

/**
 * Takes the items out of the JSON of a Kubernetes list as it comes, so that a page of any size needs the memory of one item. In what
 * is left a 0 stands for each.
 */
export class ItemSplitter {
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Of the list at depth 2, if that is what is open there: a map there is metadata, not items. */
  #listOpen = false;
  #item: Buffer[] | undefined;
  /** One character a byte: a Buffer of each little piece would keep what it was cut from in memory. */
  #rest = '';

  /** @returns the text of each item that ends in this chunk */
  push(chunk: Buffer): string[] {
    const items: string[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (this.#inString) {
        this.#passString(byte);
      } else if (byte === QUOTE) {
        this.#inString = true;
      } else if (byte === OPEN_MAP || byte === OPEN_LIST) {
        if (!this.#begins(byte)) continue;
        this.#rest += `${chunk.toString('latin1', from, at)}0`;
        this.#item = [];
        from = at;
      } else if (byte === CLOSE_MAP || byte === CLOSE_LIST) {
        this.#depth--;
        if (this.#depth !== ITEM_DEPTH - 1 || this.#item === undefined) continue;
        this.#item.push(chunk.subarray(from, at + 1));
        items.push(Buffer.concat(this.#item).toString('utf8'));
        this.#item = undefined;
        from = at + 1;
      }
    }
    if (this.#item === undefined) this.#rest += chunk.toString('latin1', from);
    else this.#item.push(chunk.subarray(from));
    return items;
  }

  #passString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
  }

  /** Goes one level down; true where that is the beginning of an item. */
  #begins(byte: number): boolean {
    this.#depth++;
    if (this.#depth === ITEM_DEPTH - 1) this.#listOpen = byte === OPEN_LIST;
    return this.#depth === ITEM_DEPTH && this.#listOpen;
  }

  /** The list without its items; throws SyntaxError where it is not whole. */
  envelope(): unknown {
    return JSON.parse(Buffer.from(this.#rest, 'latin1').toString('utf8'));
  }
}
