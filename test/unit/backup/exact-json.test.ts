import { describe, expect, it } from 'vitest';
import { formatJson, holdsBigint, parseJson } from '../../../src/backup/exact-json.js';
import { randomFrom, randomValue } from './samples.js';

describe('JSON', () => {
  it.each([
    '{"a":9007199254740993,"b":[-9223372036854775808,9223372036854775807,1152921504606846976]}',
    '{"s":"12345678901234567890 \\" 9007199254740993","k9007199254740993":{"9007199254740993":1}}',
    '[9007199254740993,9007199254740992,1234567890123456.5,1e+21,100000000000000000000,-9007199254740993]',
    '9007199254740993',
    '"9007199254740993"',
    '"\\\\",9007199254740993'.replace(/^/, '[').replace(/$/, ']'),
  ])('is the same after reading and writing: %s', (text) => {
    expect(formatJson(parseJson(text))).toBe(text);
  });

  it('is the same for values of every kind', () => {
    const random = randomFrom(3);
    for (let count = 0; count < 500; count++) {
      const text = formatJson(randomValue(random));
      expect(formatJson(parseJson(text))).toBe(text);
    }
  });

  it('has a bigint only where a number would lie', () => {
    expect(parseJson('[9007199254740991,9007199254740993,1e300,18446744073709551616]')).toEqual([
      9007199254740991,
      9007199254740993n,
      1e300,
      18446744073709551616,
    ]);
  });

  it('is refused where it is none, however many digits it has', () => {
    expect(() => parseJson('{"a":12345678901234567890')).toThrow(SyntaxError);
    expect(() => parseJson('012345678901234567890')).toThrow(SyntaxError);
  });
});

it('a bigint is found wherever it is', () => {
  expect(holdsBigint({ a: [{ b: 1n }] })).toBe(true);
  expect(holdsBigint({ a: [{ b: 1, c: null, d: '1n' }] })).toBe(false);
});
