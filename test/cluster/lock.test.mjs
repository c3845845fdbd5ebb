import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withLock } from './lock.mjs';

/** @type {string} */
let folder;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'kthena-lock-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('the second waits for the first, and says so once', async () => {
  const file = join(folder, 'lock');
  /** @type {string[]} */
  const events = [];
  const first = withLock(file, vi.fn(), async () => {
    events.push('first begins');
    await sleep(300);
    events.push('first ends');
  });
  const onWait = vi.fn();
  const second = withLock(file, onWait, async () => void events.push('second'));
  await Promise.all([first, second]);

  expect(events).toEqual(['first begins', 'first ends', 'second']);
  expect(onWait.mock.calls).toEqual([[process.pid]]);
  expect(existsSync(file)).toBe(false);
});

test('the lock of a process that has died is taken over', async () => {
  const file = join(folder, 'lock');
  writeFileSync(file, String(spawnSync(process.execPath, ['-e', '']).pid));
  const onWait = vi.fn();
  expect(await withLock(file, onWait, async () => 'done')).toBe('done');
  expect(onWait).not.toHaveBeenCalled();
});

test('a failure gives the lock back', async () => {
  const file = join(folder, 'lock');
  await expect(withLock(file, vi.fn(), () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(existsSync(file)).toBe(false);
});
