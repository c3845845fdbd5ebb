import { expect, it } from 'vitest';
import { normalizeArguments } from '../../../src/cli/arguments.js';

it('gives a bare --dry-run its meaning, so that it does not take the release for its mode', () => {
  expect(normalizeArguments(['install', '--dry-run', 'my-release'])).toEqual([
    'install',
    '--dry-run=server',
    'my-release',
  ]);
});

it('leaves a flag with a value alone', () => {
  expect(normalizeArguments(['--dry-run=client', '--create-namespace=false'])).toEqual([
    '--dry-run=client',
    '--create-namespace=false',
  ]);
});

it('takes what follows -- as it is', () => {
  expect(normalizeArguments(['--', '--dry-run'])).toEqual(['--', '--dry-run']);
});
