import { stripVTControlCharacters } from 'node:util';
import { maskCredentials } from './credentials.js';

const MAX_LENGTH = 600;

/** A message from the cluster as one line of bounded length, cut at its end; what looks like a credential is masked. */
export function oneLine(text: string): string {
  const line = joinLines(text);
  return line.length <= MAX_LENGTH ? line : `${line.slice(0, MAX_LENGTH)}…`;
}

/** As `oneLine`, but cut at its beginning: of a crashed container's output it is the last lines that tell. */
export function lastLine(text: string): string {
  const line = joinLines(text);
  return line.length <= MAX_LENGTH ? line : `…${line.slice(line.length - MAX_LENGTH)}`;
}

/** `pod a`, `pods a, b`, `pods a, b and 3 more`: a list that stays short however many there are. */
export function nameSome(noun: string, names: readonly string[]): string {
  const [first, second, ...more] = names;
  if (first === undefined) return `no ${noun}`;
  if (second === undefined) return `${noun} ${first}`;
  return more.length === 0 ? `${noun}s ${first}, ${second}` : `${noun}s ${first}, ${second} and ${more.length} more`;
}

function joinLines(text: string): string {
  // Masked before it is cut, which could take away what gives a credential away. The rest must not steer a terminal.
  const plain = maskCredentials(stripVTControlCharacters(text));
  return plain.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}
