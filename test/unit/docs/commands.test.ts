import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalizeArguments, switchesOf } from '../../../src/cli/arguments.js';
import { createProgram } from '../../../src/cli/program.js';
import type { Terminal } from '../../../src/cli/terminal.js';
import { commandLines, type CommandLine } from './command-lines.js';
import { codeBlocks, read, root } from './markdown.js';

const lines = commandLines();

/** The program with commands that parse their flags and do nothing. */
function idleProgram(): Command {
  const stream = { write: () => true };
  const program = createProgram({ stdout: stream, stderr: stream, environment: {} } as unknown as Terminal);
  for (const command of leavesOf(program)) command.action(() => undefined);
  return program;
}

function leavesOf(parent: Command): Command[] {
  return parent.commands.flatMap((command) => (command.commands.length > 0 ? leavesOf(command) : [command]));
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

const NAMED = new Set(['commander.help', 'commander.missingArgument']);

async function refusalOf(args: string[]): Promise<string | undefined> {
  try {
    const program = idleProgram();
    await program.parseAsync(normalizeArguments(args, switchesOf(program, args)), { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) return String(error);
    // In a sentence a command is named without what it works on.
    const isName = NAMED.has(error.code) && !args.some((argument) => argument.startsWith('-'));
    return error.exitCode === 0 || isName ? undefined : String(error);
  }
}

describe('the command lines in the documentation', () => {
  it('are found', () => {
    expect(lines.length).toBeGreaterThan(30);
  });

  it.each(lines.map(({ document, line, args }) => ({ document, line, args })))(
    '$document: $line: has commands and flags that exist',
    async ({ args }) => {
      expect(await refusalOf(args)).toBeUndefined();
    },
  );

  it('would be refused with a flag that does not exist', async () => {
    expect(await refusalOf(['install', '--no-such-flag'])).toContain('unknown option');
  });

  it.each(leavesOf(idleProgram()).map(pathOf))('README.md has an example of %s', (path) => {
    const blocks = codeBlocks(read('README.md')).filter(({ info }) => info === 'sh' || info === 'console');
    const examples = blocks.flatMap(({ text }) => text.split('\n')).map((line) => line.replace(/^\$ /, ''));
    expect(examples.filter((line) => line === path || line.startsWith(`${path} `))).not.toEqual([]);
  });
});

/** Whether a line does something without a cluster. */
function isOffline({ line, args }: CommandLine): boolean {
  const [name = ''] = args;
  // Without a shell it is only named.
  if (line === 'kthena completion') return false;
  if (line.includes('|') || args.includes('--validate') || args.includes('--help')) return false;
  if (name === 'bundle') return args.length > 2;
  const offline = ['template', 'values', 'lint', 'images', 'version', 'completion', 'help', 'package'];
  return offline.includes(name) || args.includes('--dry-run=client');
}

describe('the command lines that need no cluster', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kthena-docs-'));
    symlinkSync(join(root, 'bin', 'kthena.js'), join(folder, 'kthena'));
    const [values] = codeBlocks(read('README.md')).filter(({ info }) => info === 'yaml');
    writeFileSync(join(folder, 'values.yaml'), values!.text);
    // The bundles that examples name: a packaged one, and a folder.
    for (const name of ['crds', 'manifests'])
      cpSync(join(root, name), join(folder, 'my-bundle', name), { recursive: true });
    execFileSync(join(folder, 'kthena'), ['package', '-d', folder], { stdio: 'pipe' });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs a line as a shell does; standard output and standard error in one text. */
  const run = (line: string): Promise<{ code: number | string; output: string }> =>
    new Promise((resolve) => {
      const PATH = [folder, process.env['PATH']].join(delimiter);
      const options = { cwd: folder, env: { ...process.env, PATH, KUBECONFIG: join(folder, 'none') } };
      execFile('sh', ['-c', `${line} 2>&1`], options, (error, stdout) =>
        resolve({ code: error?.code ?? 0, output: stdout }),
      );
    });

  const offline = lines.filter(isOffline);
  const shown = offline.filter(({ output }) => output !== undefined);
  const silent = new Set(offline.filter(({ output }) => output === undefined).map(({ line }) => line));

  it.each([...silent])('%s: succeeds', async (line) => {
    expect(await run(line)).toMatchObject({ code: 0 });
  });

  it.each(shown)('$line: prints what is shown', async ({ line, output }) => {
    expect((await run(line)).output).toBe(output);
  });
});
