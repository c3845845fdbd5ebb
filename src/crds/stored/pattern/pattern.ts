import { parsePattern } from './parse.js';
import { compileProgram, type Instruction, type Program } from './program.js';
import { isWordCharacter, PatternError, type Assertion } from './syntax.js';

/** A regular expression as the API server understands it. */
export interface Pattern {
  /** Whether the pattern matches anywhere in the text. */
  test(text: string): boolean;
}

/**
 * Compiles a regular expression in the syntax of Go, in which CRDs have them. `RegExp` of JavaScript differs in syntax (`(?i)`,
 * `\A`, `\z`, `[[:alpha:]]`) and in meaning (`.`, `\s`), and backtracks: on an unlucky pair of pattern and text it takes
 * for ever, where the server, and this, take time in proportion to both.
 *
 * @returns undefined for a construct that is not known here
 */
export function compilePattern(pattern: string): Pattern | undefined {
  try {
    const program = compileProgram(parsePattern(pattern));
    return { test: (text) => matches(program, text) };
  } catch (error) {
    if (error instanceof PatternError) return undefined;
    throw error;
  }
}

const OUTSIDE = -1;
const NEW_LINE = 10;

/** Follows all ways through the program at once, one character after the other. */
function matches({ instructions, start }: Program, text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0)!);
  const reached = new Int32Array(instructions.length).fill(-1);
  let waiting: CharacterInstruction[] = [];
  for (let index = 0; index <= codes.length; index++) {
    const [before, after] = [codes[index - 1] ?? OUTSIDE, codes[index] ?? OUTSIDE];
    const next: CharacterInstruction[] = [];
    const pending = [start, ...waiting.map((instruction) => instruction.next)];
    while (pending.length > 0) {
      const at = pending.pop()!;
      if (reached[at] === index) continue;
      reached[at] = index;
      const instruction = instructions[at]!;
      if (instruction.op === 'match') return true;
      if (instruction.op === 'split') pending.push(instruction.other, instruction.next);
      else if (instruction.op === 'assert') {
        if (holds(instruction.assertion, before, after)) pending.push(instruction.next);
      } else if (after !== OUTSIDE && instruction.test(after)) next.push(instruction);
    }
    waiting = next;
  }
  return false;
}

type CharacterInstruction = Extract<Instruction, { op: 'character' }>;

function holds(assertion: Assertion, before: number, after: number): boolean {
  switch (assertion) {
    case 'text-start':
      return before === OUTSIDE;
    case 'text-end':
      return after === OUTSIDE;
    case 'line-start':
      return before === OUTSIDE || before === NEW_LINE;
    case 'line-end':
      return after === OUTSIDE || after === NEW_LINE;
    case 'word-boundary':
      return isWord(before) !== isWord(after);
    case 'no-word-boundary':
      return isWord(before) === isWord(after);
  }
}

function isWord(code: number): boolean {
  return code !== OUTSIDE && isWordCharacter(code);
}
