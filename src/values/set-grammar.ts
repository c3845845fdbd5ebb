import { KthenaError } from '../errors.js';
import { holdsInfinity, readJsonValue } from './json.js';
import { MAX_DEPTH } from './value.js';
import type { Value } from './value.js';

/** The flags that set single values; each reads its values in its own way, the keys alike. */
export type SetFlag = '--set' | '--set-string' | '--set-file' | '--set-json' | '--set-literal';

/** One `key=value` of a flag. */
export interface Assignment {
  /** From the top of the values; at least one segment, the first a key. */
  readonly path: readonly (string | number)[];
  /** With `--set-file` the paths of the files. `undefined` for `a[0]` without `=`, which only asks that `a` be a list. */
  readonly value: Value | undefined;
}

/** Bounds of Helm. */
const MAX_INDEX = 65536;
const MAX_DOTS = 30;

/** Whoever passes credentials on the command line must not find them again in a log. */
const SECRET = /secret|passw|(?<!put)token|access_?key|api_?key|credential/i;

const ESCAPE_HINT =
  'A backslash before a comma, dot, equals sign or bracket makes it part of the text; --set-literal takes everything after = as it is.';

/**
 * Parses the text of one flag: `a.b=1,c[0].d={x,y}`. The answers are those of Helm's parser, except that an empty key
 * (`=x`, `.a=1`, `a.`), an index without end (`a[=1`) and `--set-file` without a file are errors instead of being ignored.
 *
 * @throws KthenaError `values` that names the flag and the text that is wrong
 */
export function parseAssignments(flag: SetFlag, text: string): Assignment[] {
  return new SetParser(flag, text).assignments();
}

class SetParser {
  #position = 0;
  /** Where the assignment being read starts. */
  #start = 0;

  constructor(
    private readonly flag: SetFlag,
    private readonly text: string,
  ) {}

  assignments(): Assignment[] {
    const assignments: Assignment[] = [];
    while (this.#position < this.text.length) {
      this.#start = this.#position;
      assignments.push(this.#assignment());
    }
    return assignments;
  }

  #assignment(): Assignment {
    const path: (string | number)[] = [];
    for (let dots = 0; ;) {
      let stop = this.#name(path);
      if (stop === '.' && ++dots > MAX_DOTS) throw this.#error(`a key of more than ${MAX_DOTS} dots`);
      while (stop === '[') stop = this.#index(path);
      if (path.length > MAX_DEPTH) throw this.#error(`a key of more than ${MAX_DEPTH} parts`);
      if (stop === '=') return { path, value: this.#value() };
      if (stop === undefined) return { path: path.slice(0, path.findIndex(Number.isInteger)), value: undefined };
    }
  }

  #name(path: (string | number)[]): string | undefined {
    const { text, stop } = this.#until(this.flag === '--set-literal' ? '=[.' : '=[.,');
    if (text !== '' && (stop === undefined || stop === ',')) throw this.#error('the key has no value');
    if (text === '') throw this.#error('a key is empty');
    path.push(text);
    return stop;
  }

  #index(path: (string | number)[]): string | undefined {
    const { text, stop } = this.#until(']');
    if (stop === undefined) throw this.#error('an index is not closed with ]');
    if (!/^[-+]?[0-9]+$/.test(text)) throw this.#error('an index must be a whole number');
    const index = Number(text);
    if (index < 0) throw this.#error('an index cannot be negative');
    if (index > MAX_INDEX) throw this.#error(`an index can be ${MAX_INDEX} at most`);
    path.push(Math.abs(index));
    const next = this.#until('[.=');
    if (next.text !== '') throw this.#error('only [, . or = can follow an index');
    return next.stop;
  }

  #value(): Value {
    switch (this.flag) {
      case '--set-literal':
        return this.#rest();
      case '--set-json':
        return this.#json();
      default:
        return this.text[this.#position] === '{' ? this.#list() : this.#scalar(this.#until(',').text);
    }
  }

  #list(): Value[] {
    this.#position++;
    const items: Value[] = [];
    for (;;) {
      const { text, stop } = this.#until(',}');
      if (stop === undefined) throw this.#error('a list is not closed with }');
      items.push(this.#scalar(text));
      if (stop === '}') break;
    }
    if (this.text[this.#position] === ',') this.#position++;
    return items;
  }

  #scalar(text: string): Value {
    if (this.flag === '--set') return typedValue(text);
    if (this.flag === '--set-file' && text === '') throw this.#error('no file is named');
    return text;
  }

  /** Nothing, or blanks only, is null. */
  #json(): Value {
    this.#skipBlanks();
    let value: Value = null;
    if (this.#position < this.text.length && this.text[this.#position] !== ',') {
      const read = readJsonValue(this.text, this.#position);
      if (read === undefined) throw this.#error('a value is not valid JSON');
      if (holdsInfinity(read.value)) throw this.#error('a number is too large');
      ({ value, end: this.#position } = read);
      this.#skipBlanks();
    }
    if (this.text[this.#position] === ',') this.#position++;
    return value;
  }

  #skipBlanks(): void {
    while (/\s/.test(this.text[this.#position] ?? '')) this.#position++;
  }

  #rest(): string {
    const rest = this.text.slice(this.#position);
    this.#position = this.text.length;
    return rest;
  }

  /** Reads up to one of the stop characters and past it; a backslash takes the next character as it is. */
  #until(stops: string): { text: string; stop: string | undefined } {
    let text = '';
    while (this.#position < this.text.length) {
      let character = this.#next();
      if (stops.includes(character)) return { text, stop: character };
      if (character === '\\' && this.flag !== '--set-literal') character = this.#next();
      text += character;
    }
    return { text, stop: undefined };
  }

  /** The next whole character, so that an escape never splits a surrogate pair; empty at the end. */
  #next(): string {
    const code = this.text.codePointAt(this.#position);
    if (code === undefined) return '';
    const character = String.fromCodePoint(code);
    this.#position += character.length;
    return character;
  }

  #error(problem: string): KthenaError {
    return new KthenaError('values', `${this.flag} ${this.#shown()}: ${problem}`, { hint: ESCAPE_HINT });
  }

  /** The assignment at fault. A comma inside a password makes the rest of it look like a key, hence the look at all of it. */
  #shown(): string {
    if (SECRET.test(this.text)) return `${/^[\w.[\]-]*/.exec(this.text)?.[0] ?? ''}…`;
    const rest = this.text.slice(this.#start);
    const end = /^(?:\\.?|[^,\\])*/s.exec(rest)?.[0] ?? rest;
    return end === '' ? this.text : end;
  }
}

/** What `--set` makes of a text: integers without leading zeros, true, false and null in any case; all else is text. */
function typedValue(text: string): Value {
  switch (text.toLowerCase()) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    default:
  }
  if (text !== '0' && (text.startsWith('0') || !/^[-+]?[0-9]+$/.test(text))) return text;
  const number = Number(text);
  // Beyond this a number would lose digits: the text keeps them.
  return Number.isSafeInteger(number) ? number || 0 : text;
}
