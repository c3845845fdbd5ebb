import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { hasEnded, ownMark, type ProcessMark } from '../../../src/lock/process-mark.js';

const LINUX = process.platform === 'linux';
/** As a program of this machine would mark itself; only its pid and start are another's. */
const mark = (parts: Partial<ProcessMark> = {}): ProcessMark => ({ ...ownMark()!, ...parts });

/** A process that has ended while its parent never asks for it. */
async function zombie(): Promise<{ pid: number; start: string; end: () => void }> {
  const parent = spawn('sh', ['-c', `sh -c 'cut -d" " -f1,22 /proc/$$/stat' & exec sleep 60`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string];
  const [pid, start] = line.trim().split(' ');
  return { pid: Number(pid), start: start!, end: () => parent.kill('SIGKILL') };
}

describe.runIf(LINUX)('a process of this machine', () => {
  it('has not ended while it runs', () => {
    expect(hasEnded(mark(), ownMark())).toBe(false);
  });

  it('has the same mark each time', () => {
    expect(ownMark()).toEqual({
      machine: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      pid: process.pid,
      start: expect.stringMatching(/^\d+$/) as string,
    });
    expect(ownMark()).toEqual(ownMark());
  });

  it('has ended when its pid is gone', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(hasEnded(mark({ pid: child.pid! }), ownMark())).toBe(true);
  });

  it('has ended when another process has its pid', () => {
    expect(hasEnded(mark({ start: '1' }), ownMark())).toBe(true);
  });

  it('has ended when it is a zombie', async () => {
    const { pid, start, end } = await zombie();
    await expect.poll(() => hasEnded(mark({ pid, start }), ownMark()), { timeout: 5_000 }).toBe(true);
    expect(process.kill(pid, 0), 'its pid is still taken').toBe(true);
    end();
  });
});

describe('a process of another machine', () => {
  it.runIf(LINUX)('is never known to have ended', () => {
    expect(hasEnded(mark({ machine: '0'.repeat(32), start: '1' }), ownMark())).toBe(false);
  });

  it('is not known to have ended where this system does not tell its own mark', () => {
    expect(hasEnded({ machine: '0'.repeat(32), pid: 1, start: '1' }, undefined)).toBe(false);
  });
});
