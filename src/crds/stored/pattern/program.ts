import { PatternError, type Assertion, type CharacterTest, type Expression } from './syntax.js';

/** One step of a match; `next` is the number of the instruction after it. */
export type Instruction =
  | { op: 'character'; test: CharacterTest; next: number }
  | { op: 'assert'; assertion: Assertion; next: number }
  | { op: 'split'; next: number; other: number }
  | { op: 'match' };

/** Nested repetitions multiply: `(a{1000}){1000}` is refused here as it is by Go. */
const MOST_INSTRUCTIONS = 20_000;

export interface Program {
  instructions: readonly Instruction[];
  start: number;
}

/** @throws PatternError where the program would be too long */
export function compileProgram(expression: Expression): Program {
  const instructions: Instruction[] = [{ op: 'match' }];
  const add = (instruction: Instruction): number => {
    if (instructions.length >= MOST_INSTRUCTIONS) throw new PatternError('too long');
    return instructions.push(instruction) - 1;
  };

  /** Adds what matches the part and goes on at `next`; gives the number of its first instruction. */
  const compile = (part: Expression, next: number): number => {
    switch (part.kind) {
      case 'empty':
        return next;
      case 'character':
        return add({ op: 'character', test: part.test, next });
      case 'assertion':
        return add({ op: 'assert', assertion: part.assertion, next });
      case 'sequence':
        return part.parts.reduceRight((after, each) => compile(each, after), next);
      case 'choice':
        return part.parts
          .map((each) => compile(each, next))
          .reduce((other, first) => add({ op: 'split', next: first, other }));
      case 'repeat':
        return repeat(part.part, part.least, part.most, next);
    }
  };

  const repeat = (part: Expression, least: number, most: number, next: number): number => {
    let entry = next;
    if (most === Infinity) {
      const loop = { op: 'split' as const, next, other: next };
      entry = add(loop);
      loop.next = compile(part, entry);
    } else {
      for (let count = least; count < most; count++)
        entry = add({ op: 'split', next: compile(part, entry), other: next });
    }
    for (let count = 0; count < least; count++) entry = compile(part, entry);
    return entry;
  };

  const start = compile(expression, 0);
  return { instructions, start };
}
