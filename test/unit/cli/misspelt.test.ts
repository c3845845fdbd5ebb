import { describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/main.js';
import type { Terminal } from '../../../src/cli/terminal.js';

/** Runs a command line that ends before any work. */
async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    write: (text: string, done?: () => void) => {
      written[name] += text;
      done?.();
      return true;
    },
  });
  const terminal = { stdout: stream('stdout'), stderr: stream('stderr'), environment: {}, exitCode: 0 };
  const code = await main(args, terminal as unknown as Terminal);
  return { code, ...written };
}

describe('a misspelt command line', () => {
  it.each([
    [['instal'], "unknown command 'instal'", 'Did you mean install?'],
    [['crds', 'upgrad'], "unknown command 'upgrad'", 'Did you mean upgrade?'],
    [['help', 'instal'], "unknown command 'instal'", 'Did you mean install?'],
    [['help', 'crds', 'upgrad'], "unknown command 'crds upgrad'", 'Did you mean upgrade?'],
    [['help', 'zzzzzzzz'], "unknown command 'zzzzzzzz'", 'kthena --help lists the commands.'],
    [['help', 'install', 'x'], "unknown command 'install x'", 'kthena install has no commands below it.'],
    [['install', '--namespac', 'x'], "unknown option '--namespac'", 'Did you mean --namespace?'],
    [['completion', 'tcsh'], "'tcsh' is invalid", 'Allowed choices are bash, zsh, fish, powershell.'],
  ])('%j: names the nearest', async (args, message, hint) => {
    const { code, stdout, stderr } = await run(...args);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  it('is told from one that asks for help', async () => {
    const help = await run('crds', 'upgrade', '--help');
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('Examples:\n  kthena crds upgrade');
    expect(await run('help', 'crds', 'upgrade')).toEqual(help);
    expect((await run('help')).stdout).toBe((await run('--help')).stdout);
  });
});
