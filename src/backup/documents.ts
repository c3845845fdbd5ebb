import { createHash } from 'node:crypto';
import { END } from './format.js';

/** A part of a backup file as it is written. */
export interface Piece {
  /** `head`: what stands before the first document. `end`: the last line and whatever follows it. */
  type: 'head' | 'document' | 'end';
  /** Of its first line, counted from 1; a document's separator is not a part of it. */
  line: number;
  bytes: Buffer;
}

/** More than the API server takes of a resource, however it is spread out. */
const MAX_PIECE_BYTES = 32 << 20;
/** Longer than any line that has to be seen as a whole. */
const MAX_MARK_BYTES = 4096;
const NEWLINE = 10;
const HASH = '#'.charCodeAt(0);
const DASH = '-'.charCodeAt(0);

/** Cuts the bytes of a backup into its documents as they come, and hashes all that stands before the last line. */
export class DocumentSplitter {
  readonly #hash = createHash('sha256');
  #type: Piece['type'] = 'head';
  #slices: Buffer[] = [];
  #bytes = 0;
  #line = 1;
  #startLine = 1;
  /** The beginning of a line that is too short yet to tell what it is. */
  #carry = Buffer.alloc(0);
  #insideLine = false;

  /** @throws SyntaxError where a document is too large, or begins on the line of its separator */
  *push(bytes: Buffer): Generator<Piece> {
    const chunk = this.#carry.length === 0 ? bytes : Buffer.concat([this.#carry, bytes]);
    this.#carry = Buffer.alloc(0);
    let from = 0;
    let at = 0;
    while (at < chunk.length && this.#type !== 'end') {
      const newline = chunk.indexOf(NEWLINE, at);
      if (newline < 0 && !this.#insideLine && chunk.length - at < MAX_MARK_BYTES) {
        this.#carry = Buffer.from(chunk.subarray(at));
        break;
      }
      const next = newline < 0 ? chunk.length : newline + 1;
      const mark = this.#insideLine ? undefined : this.#markAt(chunk, at, next);
      if (mark !== undefined) {
        this.#take(chunk.subarray(from, at));
        yield this.#finish(mark);
        from = mark === 'end' ? at : next;
        this.#hash.update(chunk.subarray(at, from));
      }
      this.#insideLine = newline < 0;
      if (newline >= 0) this.#line++;
      at = next;
    }
    this.#take(chunk.subarray(from, chunk.length - this.#carry.length));
  }

  /** The last piece; its type is `end` unless the file was cut off. */
  finish(): Piece {
    this.#take(this.#carry);
    return this.#finish('end');
  }

  /** SHA-256 of everything before the last line; to be asked once, at the end. */
  checksum(): string {
    return this.#hash.digest('hex');
  }

  #take(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_PIECE_BYTES)
      throw new SyntaxError(
        `line ${this.#startLine}: a document of more than ${MAX_PIECE_BYTES >> 20} MiB: no resource is so large`,
      );
    if (this.#type !== 'end') this.#hash.update(bytes);
    this.#slices.push(bytes);
  }

  #finish(next: 'document' | 'end'): Piece {
    const piece: Piece = { type: this.#type, line: this.#startLine, bytes: Buffer.concat(this.#slices) };
    this.#type = next;
    this.#slices = [];
    this.#bytes = 0;
    this.#startLine = next === 'end' ? this.#line : this.#line + 1;
    return piece;
  }

  /** What begins with the line from `start` to `end`; undefined for a line of a document. */
  #markAt(chunk: Buffer, start: number, end: number): 'document' | 'end' | undefined {
    const first = chunk[start];
    if (first !== HASH && first !== DASH) return undefined;
    const line = chunk.toString('utf8', start, Math.min(end, start + MAX_MARK_BYTES));
    if (line.startsWith(END)) return 'end';
    if (!/^---(?:\s|$)/.test(line)) return undefined;
    if (/^---\s*(?:\s#.*)?$/.test(line)) return 'document';
    throw new SyntaxError(
      `line ${this.#line}: a document begins on the line of its separator (---); it must begin on the next one`,
    );
  }
}
