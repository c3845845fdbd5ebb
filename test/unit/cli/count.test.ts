import { InvalidArgumentError } from 'commander';
import { expect, it } from 'vitest';
import { count } from '../../../src/cli/count.js';

it('takes whole numbers from 1', () => {
  expect(count('1')).toBe(1);
  expect(count('256')).toBe(256);
});

it.each(['0', '-1', '1.5', '1e3', '', ' 1', 'two', '99999999999999999999'])('refuses %j', (text) => {
  expect(() => count(text)).toThrow(InvalidArgumentError);
});
