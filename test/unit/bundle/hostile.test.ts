import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE_ARCHIVES } from './hostile-archives.js';
import { HOSTILE_CONTENTS } from './hostile-contents.js';
import { bundleWith } from './sample.js';

const PROGRAM = new URL('../../../bin/kthena.js', import.meta.url).pathname;
const MAX_SECONDS = 1;
const MAX_BYTES = 200 * 1024 * 1024;

/**
 * Loaded before the program: writes what the process took when it ends. The kernel's own figure of the memory counts what the process
 * was forked from, so it is asked what this program had.
 */
const USAGE = `process.on('exit', () => {
  const fs = require('node:fs');
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const status = fs.existsSync('/proc/self/status') ? fs.readFileSync('/proc/self/status', 'utf8') : '';
  const kib = Number(/VmHWM:\\s+(\\d+)/.exec(status)?.[1] ?? maxRSS);
  const usage = { seconds: (userCPUTime + systemCPUTime) / 1e6, bytes: kib * 1024 };
  fs.writeFileSync(process.env.USAGE_FILE, JSON.stringify(usage));
});`;

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Of processor time: what else runs on the machine does not count. */
  seconds: number;
  bytes: number;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kthena-hostile-'));
  writeFileSync(join(folder, 'usage.cjs'), USAGE);
});
afterAll(() => rmSync(folder, { recursive: true }));

let runs = 0;
async function template(bundle: Buffer, ...args: string[]): Promise<Outcome> {
  const run = join(folder, String(runs++));
  writeFileSync(`${run}.tgz`, bundle);
  const child = spawn(
    process.execPath,
    ['-r', join(folder, 'usage.cjs'), PROGRAM, 'template', '--bundle', `${run}.tgz`, ...args],
    {
      env: { ...process.env, NO_COLOR: '1', USAGE_FILE: `${run}.json` },
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const usage = JSON.parse(readFileSync(`${run}.json`, 'utf8')) as Pick<Outcome, 'seconds' | 'bytes'>;
  rmSync(`${run}.tgz`);
  return { code, stdout, stderr, ...usage };
}

describe('a hostile bundle', () => {
  const all = [...HOSTILE_ARCHIVES, ...HOSTILE_CONTENTS];

  it('is one of a hundred, each of its own kind', () => {
    expect(all.length).toBeGreaterThan(100);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  it.concurrent.each(all)('$name: is refused with its reason, soon, and in little memory', async ({ make, says }) => {
    const { code, stdout, stderr, seconds, bytes } = await template(make());
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/defect|\n\s+at |\u001b/);
    expect(stderr.length).toBeLessThan(5000);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(seconds).toBeLessThan(MAX_SECONDS);
    expect(bytes).toBeLessThan(MAX_BYTES);
  });

  it('would be taken without what is wrong with it', async () => {
    const { code, stdout, stderr } = await template(bundleWith());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('text: hello');
  });
});
