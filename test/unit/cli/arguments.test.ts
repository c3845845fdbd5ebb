import { Command } from 'commander';
import { expect, it } from 'vitest';
import { normalizeArguments, switchesOf } from '../../../src/cli/arguments.js';

const program = new Command().addCommand(
  new Command('install')
    .option('--wait')
    .option('--no-wait')
    .option('--skip-crds')
    .option('--create-namespace [boolean]'),
);
const normalize = (args: string[]): string[] => normalizeArguments(args, switchesOf(program));

it('gives a bare --dry-run its meaning, so that it does not take the release for its mode', () => {
  expect(normalize(['install', '--dry-run', 'my-release'])).toEqual(['install', '--dry-run=server', 'my-release']);
});

it('leaves a flag with a value alone', () => {
  expect(normalize(['--dry-run=client', '--create-namespace=false'])).toEqual([
    '--dry-run=client',
    '--create-namespace=false',
  ]);
});

it('takes what follows -- as it is', () => {
  expect(normalize(['--', '--dry-run'])).toEqual(['--', '--dry-run']);
});

it('takes =true and =false for switches, as Helm does', () => {
  expect(normalize(['--wait=false', '--skip-crds=true'])).toEqual(['--no-wait', '--skip-crds']);
  expect(normalize(['--skip-crds=false', '--wait=true'])).toEqual(['--wait']);
});

it('leaves values that look like switches alone', () => {
  expect(normalize(['--set=workload.enabled=true', '--set', 'a=false'])).toEqual([
    '--set=workload.enabled=true',
    '--set',
    'a=false',
  ]);
});
