import { describe, expect, it } from 'vitest';
import { parseQuantity } from '../../../src/lint/quantity.js';

const UNIT = 1_000_000_000n;

describe('a quantity', () => {
  it.each([
    ['0', 0n],
    ['2', 2n * UNIT],
    ['+2', 2n * UNIT],
    ['-2', -2n * UNIT],
    ['0.5', UNIT / 2n],
    ['.5', UNIT / 2n],
    ['1.', UNIT],
    ['500m', UNIT / 2n],
    ['1u', 1000n],
    ['1n', 1n],
    ['1k', 1000n * UNIT],
    ['1E', 10n ** 18n * UNIT],
    ['1e3', 1000n * UNIT],
    ['1E3', 1000n * UNIT],
    ['1e-3', UNIT / 1000n],
    ['1Ki', 1024n * UNIT],
    ['0.5Gi', 2n ** 29n * UNIT],
    ['1Ei', 2n ** 60n * UNIT],
  ])('%s is read exactly', (text, billionths) => {
    expect(parseQuantity(text)).toBe(billionths);
  });

  it('is rounded up where it is finer than a billionth', () => {
    expect(parseQuantity('0.1n')).toBe(1n);
    expect(parseQuantity('1e-20')).toBe(1n);
    expect(parseQuantity('-0.1n')).toBe(-1n);
  });

  it.each([
    '',
    ' ',
    '1 Gi',
    '1gi',
    '1K',
    '1ki',
    '1GB',
    '1.2.3',
    '.',
    'Gi',
    '1e',
    '0x10',
    '1,5',
    '--1',
    '1Gii',
    '1e1.5',
  ])('%j is none', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });

  it('does not let an exponent eat all memory', () => {
    expect(parseQuantity('1e999999999')).toBeUndefined();
  });
});
