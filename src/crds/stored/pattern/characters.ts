import { isWordCharacter, PatternError, type CharacterTest } from './syntax.js';

const isDigit: CharacterTest = (code) => code >= 48 && code <= 57;
const isSpace: CharacterTest = (code) => code === 9 || code === 10 || code === 12 || code === 13 || code === 32;

/** `\d` and its kind; in Go they are about ASCII only. */
const PERL_CLASSES: Readonly<Record<string, CharacterTest>> = { d: isDigit, s: isSpace, w: isWordCharacter };

/** `[:alpha:]` and its kind, as a JavaScript character class over ASCII. */
const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

const CONTROL: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

/** The class that `\d`, `\S` and so on stand for; undefined for another letter. */
export function perlClass(letter: string): CharacterTest | undefined {
  const test = PERL_CLASSES[letter.toLowerCase()];
  if (test === undefined) return undefined;
  return letter === letter.toLowerCase() ? test : not(test);
}

/** @param name as in `[:alpha:]`, or `^alpha` for the others */
export function posixClass(name: string): CharacterTest {
  const members = POSIX_CLASSES[name.replace(/^\^/, '')];
  if (members === undefined) throw new PatternError(`unknown class [:${name}:]`);
  const test = fromRegExp(new RegExp(`^[${members}]$`));
  return name.startsWith('^') ? not(test) : test;
}

/** `\pL`, `\p{Greek}`: general categories and scripts of Unicode. */
export function unicodeClass(name: string, negated: boolean): CharacterTest {
  const plain = name.replace(/^\^/, '');
  const test = unicodeProperty(plain) ?? unicodeProperty(`Script=${plain}`);
  if (test === undefined) throw new PatternError(`unknown class \\p{${name}}`);
  return negated === name.startsWith('^') ? test : not(test);
}

function unicodeProperty(property: string): CharacterTest | undefined {
  try {
    return fromRegExp(new RegExp(`^\\p{${property}}$`, 'u'));
  } catch {
    return undefined;
  }
}

function fromRegExp(pattern: RegExp): CharacterTest {
  return (code) => pattern.test(String.fromCodePoint(code));
}

/** The code point a letter after a backslash stands for; undefined where it is not that of a single character. */
export function escapedCharacter(letter: string): number | undefined {
  if (Object.hasOwn(CONTROL, letter)) return CONTROL[letter];
  return /[!-/:-@[-`{-~]/.test(letter) ? letter.codePointAt(0) : undefined;
}

export function range(low: number, high: number): CharacterTest {
  return (code) => code >= low && code <= high;
}

export function not(test: CharacterTest): CharacterTest {
  return (code) => !test(code);
}

export function anyOf(tests: readonly CharacterTest[]): CharacterTest {
  return (code) => tests.some((test) => test(code));
}

/** The character in either case. */
export function ignoringCase(test: CharacterTest): CharacterTest {
  return (code) => {
    const text = String.fromCodePoint(code);
    return test(code) || test(text.toLowerCase().codePointAt(0)!) || test(text.toUpperCase().codePointAt(0)!);
  };
}
