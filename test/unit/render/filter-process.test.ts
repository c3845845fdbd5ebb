import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KthenaError } from '../../../src/errors.js';
import { runFilter, type FilterOptions } from '../../../src/render/filter-process.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kthena-filter-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const sh = (script: string, input = 'in', options: FilterOptions = {}): ReturnType<typeof runFilter> =>
  runFilter({ command: 'sh', args: ['-c', script] }, input, options);

async function errorOf(result: Promise<unknown>): Promise<KthenaError> {
  return result.then(
    () => expect.fail('it succeeded'),
    (error: KthenaError) => error,
  );
}

function script(name: string, text: string, mode: number): string {
  writeFileSync(join(folder, name), text, { mode });
  return join(folder, name);
}

describe('a filter', () => {
  it('turns its input into its output, and its standard error into remarks', async () => {
    expect(await sh('tr a-z A-Z; echo "a hint" >&2', 'größe\n')).toEqual({ stdout: 'GRößE\n', remarks: ['a hint'] });
  });

  it('gets its arguments as they are, without a shell', async () => {
    const { stdout } = await runFilter({ command: 'printf', args: ['%s|', '$HOME', 'a b', '-x'] }, '', {});
    expect(stdout).toBe('$HOME|a b|-x|');
  });

  it('takes and gives a megabyte', async () => {
    const text = 'x'.repeat(1 << 20);
    expect((await sh('cat', text)).stdout).toBe(text);
  });

  it('need not read its input', async () => {
    expect((await sh('echo done', 'x'.repeat(1 << 20))).stdout).toBe('done\n');
  });
});

describe('a filter that fails', () => {
  it.each([
    ['exit 3', 'failed with exit code 3'],
    ['kill -SEGV $$', 'was ended by the signal SIGSEGV'],
  ])('%s: is an error with the last lines of its standard error', async (end, what) => {
    const error = await errorOf(sh(`seq 1 100 >&2; printf '\\033[31mred\\033[0m\\n' >&2; ${end}`));
    expect(error).toMatchObject({ code: 'render', message: `the post-renderer "sh" ${what}` });
    expect(error.details).toHaveLength(20);
    expect(error.details.slice(-2)).toEqual(['100', 'red']);
  });

  it('is not found', async () => {
    const error = await errorOf(runFilter({ command: 'no-such-program', args: [] }, '', {}));
    expect(error).toMatchObject({ code: 'usage', message: '--post-renderer: "no-such-program" is not found' });
  });

  it('has no interpreter', async () => {
    const command = script('no-interpreter', '#!/no/such/shell\n', 0o755);
    const error = await errorOf(runFilter({ command, args: [] }, '', {}));
    expect(error.message).toBe(`--post-renderer: "${command}" is not found`);
    expect(error.hint).toContain('#!');
  });

  it.each([
    ['a file that is not executable', () => script('plain', '#!/bin/sh\ncat\n', 0o644)],
    ['a folder', () => folder],
  ])('is %s', async (_name, path) => {
    const command = path();
    const error = await errorOf(runFilter({ command, args: [] }, '', {}));
    expect(error).toMatchObject({ code: 'usage', message: `--post-renderer: "${command}" is not executable` });
  });

  it('has a name that no program can have', async () => {
    const error = await errorOf(runFilter({ command: 'a\0b', args: [] }, '', {}));
    expect(error).toMatchObject({ code: 'usage' });
  });

  it('prints what is no text', async () => {
    const error = await errorOf(sh("printf 'a\\377'"));
    expect(error.message).toBe('the post-renderer "sh" printed what is not UTF-8');
  });

  it('prints too much', async () => {
    const error = await errorOf(sh('cat /dev/zero', '', { maxBytes: 100_000 }));
    expect(error.message).toBe('the post-renderer "sh" printed more than 100000 bytes');
  });
});

describe('a filter that does not end', () => {
  const alive = (pid: number): boolean =>
    existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const pidIn = async (file: string): Promise<number> => {
    for (let tries = 0; tries < 500; tries++) {
      if (existsSync(file) && readFileSync(file, 'utf8').endsWith('\n')) return Number(readFileSync(file, 'utf8'));
      await sleep(10);
    }
    return expect.fail('it has not begun');
  };

  it('is ended when its time is up', async () => {
    const error = await errorOf(sh('echo busy >&2; sleep 60', '', { timeoutMs: 200 }));
    expect(error.message).toBe('the post-renderer "sh" did not end within 0.2 s');
    expect(error.details).toEqual(['busy']);
  });

  it.skipIf(process.platform !== 'linux').each([
    ['that ends when asked to', ''],
    ['that does not listen', "trap '' TERM; "],
  ])('is ended with its children by Ctrl-C, even one %s', async (_name, trap) => {
    const file = join(folder, `child${trap.length}`);
    const controller = new AbortController();
    const child = `sh -c "${trap}echo \\$\\$ > ${file}; while true; do sleep 0.1; done"`;
    const result = errorOf(sh(`${trap}${child}; true`, '', { signal: controller.signal }));
    const pid = await pidIn(file);
    controller.abort();
    expect(await result).toMatchObject({ code: 'interrupted' });
    await sleep(50);
    expect(alive(pid)).toBe(false);
  });

  it('is not waited for where only a child of it goes on', async () => {
    const begin = Date.now();
    expect((await sh('echo done; sleep 60 &')).stdout).toBe('done\n');
    expect(Date.now() - begin).toBeLessThan(10_000);
  });

  it('is not even started after Ctrl-C', async () => {
    const file = join(folder, 'started');
    expect(await errorOf(sh(`touch ${file}`, '', { signal: AbortSignal.abort() }))).toMatchObject({
      code: 'interrupted',
    });
    expect(existsSync(file)).toBe(false);
  });
});
