import {
  anyOf,
  escapedCharacter,
  ignoringCase,
  not,
  perlClass,
  posixClass,
  range,
  unicodeClass,
} from './characters.js';
import { EMPTY, PatternError, type Assertion, type CharacterTest, type Expression } from './syntax.js';

/** Go allows no more repetitions than this. */
const MOST_REPETITIONS = 1000;

const NEW_LINE = 10;

/** `i` for either case, `m` for `^` and `$` at lines, `s` for a dot that matches a line break; `U` changes no verdict. */
type Flags = Readonly<Record<string, boolean>>;

/**
 * Takes a regular expression apart as Go's regexp package does.
 * https://github.com/google/re2/wiki/Syntax
 *
 * @throws PatternError
 */
export function parsePattern(pattern: string): Expression {
  const parser = new Parser([...pattern]);
  return parser.whole();
}

class Parser {
  private position = 0;
  private flags: Flags = {};

  constructor(private readonly characters: readonly string[]) {}

  whole(): Expression {
    const expression = this.choice();
    if (this.position < this.characters.length) throw new PatternError('unexpected )');
    return expression;
  }

  private choice(): Expression {
    const parts = [this.sequence()];
    while (this.take('|')) parts.push(this.sequence());
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  }

  private sequence(): Expression {
    const parts: Expression[] = [];
    for (let next = this.peek(); next !== undefined && next !== '|' && next !== ')'; next = this.peek()) {
      if (this.takeAll('\\Q')) parts.push(...this.literal());
      else parts.push(this.repeated(this.atom()));
    }
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  }

  /** What is between `\Q` and `\E`, of which the last character may be repeated. */
  private literal(): Expression[] {
    const parts: Expression[] = [];
    while (this.peek() !== undefined && !this.takeAll('\\E')) parts.push(this.exactly(this.next()));
    const last = parts.pop();
    return last === undefined ? [] : [...parts, this.repeated(last)];
  }

  private repeated(part: Expression): Expression {
    const count = this.count();
    if (count === undefined) return part;
    this.take('?');
    if (this.count() !== undefined) throw new PatternError('a repetition of a repetition');
    return { kind: 'repeat', part, ...count };
  }

  private count(): { least: number; most: number } | undefined {
    if (this.take('*')) return { least: 0, most: Infinity };
    if (this.take('+')) return { least: 1, most: Infinity };
    if (this.take('?')) return { least: 0, most: 1 };
    // A brace that does not begin a count stands for itself.
    const [text, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(this.rest(12)) ?? [];
    if (text === undefined || (comma === '' && most !== '')) return undefined;
    this.position += text.length;
    const count = { least: Number(least), most: comma === '' ? Number(least) : most === '' ? Infinity : Number(most) };
    const highest = count.most === Infinity ? count.least : count.most;
    if (highest > MOST_REPETITIONS || count.most < count.least) throw new PatternError(`invalid repetition ${text}`);
    return count;
  }

  private atom(): Expression {
    const character = this.next();
    switch (character) {
      case '(':
        return this.group();
      case '[':
        return this.character(this.set());
      case '.':
        return this.character(this.flags['s'] ? () => true : not(range(NEW_LINE, NEW_LINE)));
      case '^':
        return assertion(this.flags['m'] ? 'line-start' : 'text-start');
      case '$':
        return assertion(this.flags['m'] ? 'line-end' : 'text-end');
      case '\\':
        return this.escape();
      case '*':
      case '+':
      case '?':
        throw new PatternError(`nothing to repeat before ${character}`);
      default:
        return this.exactly(character);
    }
  }

  private group(): Expression {
    const outside = this.flags;
    if (this.take('?') && !this.takeName()) {
      this.takeFlags();
      // Flags without a colon hold until the end of the group around them.
      if (this.take(')')) return EMPTY;
      if (!this.take(':')) throw new PatternError('unknown group');
    }
    const expression = this.choice();
    if (!this.take(')')) throw new PatternError('missing )');
    this.flags = outside;
    return expression;
  }

  private takeName(): boolean {
    const name = /^P?<\w+>/.exec(this.rest(80))?.[0];
    this.position += name?.length ?? 0;
    return name !== undefined;
  }

  private takeFlags(): void {
    const [text, on, off = ''] = /^([imsU]*)(?:-([imsU]+))?/.exec(this.rest(12))!;
    this.position += text.length;
    for (const flag of on!) this.flags = { ...this.flags, [flag]: true };
    for (const flag of off) this.flags = { ...this.flags, [flag]: false };
  }

  private escape(): Expression {
    const letter = this.next();
    if (letter === 'A') return assertion('text-start');
    if (letter === 'z') return assertion('text-end');
    if (letter === 'b') return assertion('word-boundary');
    if (letter === 'B') return assertion('no-word-boundary');
    return this.character(this.escapedClass(letter) ?? exact(this.escapedCode(letter)));
  }

  private escapedClass(letter: string): CharacterTest | undefined {
    if (letter !== 'p' && letter !== 'P') return perlClass(letter);
    if (!this.take('{')) return unicodeClass(this.next(), letter === 'P');
    let name = '';
    while (!this.take('}')) name += this.next();
    return unicodeClass(name, letter === 'P');
  }

  private escapedCode(letter: string): number {
    const code = escapedCharacter(letter);
    if (code !== undefined) return code;
    const [text, hex, long] = /^(?:([0-9a-f]{2})|\{([0-9a-f]{1,6})\})/i.exec(letter === 'x' ? this.rest(8) : '') ?? [];
    const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{2})/.exec(letter + this.rest(2))?.[0];
    if (text === undefined && octal === undefined) throw new PatternError(`unknown escape \\${letter}`);
    this.position += text === undefined ? octal!.length - 1 : text.length;
    return text === undefined ? parseInt(octal!, 8) : parseInt((hex ?? long)!, 16);
  }

  /** What follows `[`, up to `]`. */
  private set(): CharacterTest {
    const negated = this.take('^');
    const tests: CharacterTest[] = [];
    for (let first = true; first || !this.take(']'); first = false) {
      const [posix, name] = /^\[:(\^?\w+):\]/.exec(this.rest(14)) ?? [];
      if (posix !== undefined) {
        this.position += posix.length;
        tests.push(posixClass(name!));
      } else tests.push(this.setItem());
    }
    // Case is folded before the set is negated: [^a] under (?i) leaves out A as well.
    const members = this.flags['i'] ? ignoringCase(anyOf(tests)) : anyOf(tests);
    return negated ? not(members) : members;
  }

  private setItem(): CharacterTest {
    const low = this.setCharacter();
    if (typeof low === 'function') return low;
    if (this.peek() !== '-' || this.characters[this.position + 1] === ']') return exact(low);
    this.position++;
    const high = this.setCharacter();
    if (typeof high === 'function' || high < low) throw new PatternError('invalid range');
    return range(low, high);
  }

  private setCharacter(): number | CharacterTest {
    const character = this.next();
    if (character !== '\\') return character.codePointAt(0)!;
    const letter = this.next();
    return this.escapedClass(letter) ?? this.escapedCode(letter);
  }

  private exactly(character: string): Expression {
    return this.character(exact(character.codePointAt(0)!));
  }

  private character(test: CharacterTest): Expression {
    return { kind: 'character', test: this.flags['i'] ? ignoringCase(test) : test };
  }

  private peek(): string | undefined {
    return this.characters[this.position];
  }

  private next(): string {
    const character = this.peek();
    if (character === undefined) throw new PatternError('unexpected end');
    this.position++;
    return character;
  }

  private take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.position++;
    return true;
  }

  private takeAll(text: string): boolean {
    if (this.rest(text.length) !== text) return false;
    this.position += text.length;
    return true;
  }

  private rest(length: number): string {
    return this.characters.slice(this.position, this.position + length).join('');
  }
}

function exact(code: number): CharacterTest {
  return range(code, code);
}

function assertion(kind: Assertion): Expression {
  return { kind: 'assertion', assertion: kind };
}
