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
const normalize = (args: string[]): string[] => normalizeArguments(args, switchesOf(program, args));

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
  expect(normalize(['install', '--wait=false', '--skip-crds=true'])).toEqual(['install', '--no-wait', '--skip-crds']);
  expect(normalize(['install', '--skip-crds=false', '--wait=true'])).toEqual(['install', '--wait']);
});

it('leaves values that look like switches alone', () => {
  expect(normalize(['--set=workload.enabled=true', '--set', 'a=false'])).toEqual([
    '--set=workload.enabled=true',
    '--set',
    'a=false',
  ]);
});

it('drops a switch that is off and has no opposite in this command', () => {
  const uninstall = new Command()
    .addCommand(new Command('uninstall').option('--wait'))
    .addCommand(program.commands[0]!);
  const args = ['uninstall', '--wait=false'];
  expect(normalizeArguments(args, switchesOf(uninstall, args))).toEqual(['uninstall']);
});
