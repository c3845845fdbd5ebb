import { describe, expect, it } from 'vitest';
import { splitText } from '../../../src/render/text.js';

describe('splitText', () => {
  it('keeps a text without expressions as it is', () => {
    expect(splitText('--v=2')).toEqual([{ text: '--v=2' }]);
  });

  it('separates text and expressions', () => {
    expect(splitText('${ a.b }:${c}-x')).toEqual([
      { expression: 'a.b' },
      { text: ':' },
      { expression: 'c' },
      { text: '-x' },
    ]);
  });

  it('ends an expression at its own brace, not at one in a map or a string', () => {
    expect(splitText('${ {"a": "}"} }')).toEqual([{ expression: '{"a": "}"}' }]);
    expect(splitText(String.raw`${'${'} "\"}" }`)).toEqual([{ expression: String.raw`"\"}"` }]);
  });

  it('takes $${ for the characters ${', () => {
    expect(splitText('$${HOME}')).toEqual([{ text: '${HOME}' }]);
  });

  it('refuses an expression that does not end', () => {
    expect(() => splitText('a ${ b')).toThrow(/no \} closes/);
  });
});
