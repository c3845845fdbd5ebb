import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { withTimeLimit } from '../../../src/kube/time-limit.js';

/** Ends when the signal aborts, which nothing but a listener refers to: as a request that hangs. */
function hang(signal: AbortSignal): Promise<string> {
  const combined = AbortSignal.any([signal, new AbortController().signal]);
  return new Promise((resolve) => combined.addEventListener('abort', () => resolve('stopped'), { once: true }));
}

it('ends work that hangs, whatever the garbage collector does meanwhile', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setTimeout(collect, 20);
  expect(await withTimeLimit(60, hang, new AbortController().signal)).toBe('stopped');
});

it('ends it before its time when the signal aborts', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 10);
  const start = performance.now();
  await withTimeLimit(5_000, hang, controller.signal);
  expect(performance.now() - start).toBeLessThan(1_000);
});

it('gives what the work gives', async () => {
  expect(await withTimeLimit(5_000, () => Promise.resolve(7))).toBe(7);
});
