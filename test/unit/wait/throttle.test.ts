import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { throttle } from '../../../src/wait/throttle.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(durationMs = 0) {
  const runs: number[] = [];
  const begin = Date.now();
  const controller = new AbortController();
  const run = async () => {
    runs.push(Date.now() - begin);
    await new Promise((resolve) => setTimeout(resolve, durationMs));
  };
  const { request } = throttle(run, { delayMs: 300, intervalMs: 500, signal: controller.signal });
  return { runs, request, controller };
}

describe('throttle', () => {
  it('waits before the first run and makes one of many requests', async () => {
    const { runs, request } = setUp();
    request();
    request();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(runs).toEqual([300]);
  });

  it('keeps the interval between runs', async () => {
    const { runs, request } = setUp();
    for (let i = 0; i < 20; i++) {
      request();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(runs).toEqual([300, 800, 1300, 1800]);
  });

  it('never runs twice at a time, and not without a request', async () => {
    const { runs, request } = setUp(2_000);
    request();
    await vi.advanceTimersByTimeAsync(1_000);
    request();
    await vi.advanceTimersByTimeAsync(10_000);
    // The second begins when the first has ended: a timer of 0 ms fires after 1.
    expect(runs).toEqual([300, 2_301]);
  });

  it('ends with the signal, even while running', async () => {
    const { runs, request, controller } = setUp(1_000);
    request();
    await vi.advanceTimersByTimeAsync(400);
    request();
    controller.abort();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(runs).toEqual([300]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
