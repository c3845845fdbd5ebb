/** Whether a character, given by its code point, is meant. */
export type CharacterTest = (code: number) => boolean;

export type Assertion = 'text-start' | 'text-end' | 'line-start' | 'line-end' | 'word-boundary' | 'no-word-boundary';

/** A regular expression taken apart. */
export type Expression =
  | { kind: 'empty' }
  | { kind: 'character'; test: CharacterTest }
  | { kind: 'assertion'; assertion: Assertion }
  | { kind: 'sequence'; parts: Expression[] }
  | { kind: 'choice'; parts: Expression[] }
  | { kind: 'repeat'; part: Expression; least: number; most: number };

/** A construct that Go's regexp does not have, or this program does not know. */
export class PatternError extends Error {}

export const EMPTY: Expression = { kind: 'empty' };

export function isWordCharacter(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
}
