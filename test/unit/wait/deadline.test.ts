import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pause, untilEnd } from '../../../src/wait/deadline.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = () => new Promise<void>(() => {});
const live = () => new AbortController().signal;

it('ends as the work says, and stops what the work left running', async () => {
  let inner: AbortSignal | undefined;
  const outcome = await untilEnd<'done'>({ timeoutMs: 1_000, signal: live() }, async (end, signal) => {
    inner = signal;
    end('done');
    await never();
  });
  expect(outcome).toBe('done');
  expect(inner?.aborted).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

it('times out', async () => {
  const ended = untilEnd({ timeoutMs: 1_000, signal: live() }, never);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await ended).toBe('timeout');
});

it('does not time out at once when told to wait for ever', async () => {
  const ended = untilEnd({ timeoutMs: Number.MAX_SAFE_INTEGER, signal: live() }, never);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await Promise.race([ended, Promise.resolve('waits')])).toBe('waits');
});

it('is interrupted by the signal, before or during the work', async () => {
  expect(await untilEnd({ timeoutMs: 1_000, signal: AbortSignal.abort() }, never)).toBe('interrupted');
  const controller = new AbortController();
  const ended = untilEnd({ timeoutMs: 1_000, signal: controller.signal }, never);
  controller.abort();
  expect(await ended).toBe('interrupted');
});

it('rejects with the error of the work, but not with one that follows an interruption', async () => {
  const failing = untilEnd({ timeoutMs: 1_000, signal: live() }, () => Promise.reject(new Error('forbidden')));
  await expect(failing).rejects.toThrow('forbidden');
  const controller = new AbortController();
  const ended = untilEnd({ timeoutMs: 1_000, signal: controller.signal }, async (_end, signal) => {
    await pause(10_000, signal);
    throw new Error('connection lost');
  });
  controller.abort();
  expect(await ended).toBe('interrupted');
});

it('a pause ends with its signal', async () => {
  const controller = new AbortController();
  const paused = pause(10_000, controller.signal);
  controller.abort();
  await paused;
  expect(vi.getTimerCount()).toBe(0);
});

it('gives the work a signal that many watches may listen to without a warning of Node', async () => {
  vi.useRealTimers();
  const warnings: Error[] = [];
  const listen = (warning: Error) => void warnings.push(warning);
  process.on('warning', listen);
  await untilEnd<'done'>({ timeoutMs: 1_000, signal: live() }, async (end, signal) => {
    for (let count = 0; count < 30; count++) signal.addEventListener('abort', () => {});
    await pause(10, signal);
    end('done');
  });
  process.off('warning', listen);
  expect(warnings).toEqual([]);
});
