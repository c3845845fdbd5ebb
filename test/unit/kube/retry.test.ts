import { describe, expect, it } from 'vitest';
import { parseRetryAfter, retryDelayMs, RETRY_POLICY, type Outcome, type RetryState } from '../../../src/kube/retry.js';

const FIRST: RetryState = { attempt: 1, elapsedMs: 0, idempotent: true, answeredBefore: true, random: 1 };
const WRITE_ONCE: RetryState = { ...FIRST, idempotent: false };

function answer(status: number, extra: { reason?: string; retryAfterSeconds?: number } = {}): Outcome {
  return { type: 'answer', status, ...extra };
}

describe('what is tried again', () => {
  it.each([429, 502, 503, 504])('status %d of an idempotent request', (status) => {
    expect(retryDelayMs(answer(status), FIRST)).toBeGreaterThan(0);
  });

  it.each([400, 401, 403, 404, 409, 410, 422, 501])('status %d is the result', (status) => {
    expect(retryDelayMs(answer(status), FIRST)).toBeUndefined();
  });

  it('500 only where the reason is a passing one', () => {
    expect(retryDelayMs(answer(500), FIRST)).toBeUndefined();
    expect(retryDelayMs(answer(500, { reason: 'InternalError' }), FIRST)).toBeGreaterThan(0);
    expect(retryDelayMs(answer(500, { retryAfterSeconds: 1 }), FIRST)).toBeGreaterThan(0);
  });

  it('a create only where the server cannot have done it', () => {
    expect(retryDelayMs(answer(429), WRITE_ONCE)).toBeGreaterThan(0);
    expect(retryDelayMs(answer(503, { retryAfterSeconds: 1 }), WRITE_ONCE)).toBeGreaterThan(0);
    expect(retryDelayMs({ type: 'failure', kind: 'not-connected' }, WRITE_ONCE)).toBeGreaterThan(0);
    expect(retryDelayMs({ type: 'failure', kind: 'unprocessed' }, WRITE_ONCE)).toBeGreaterThan(0);
    for (const outcome of [answer(502), answer(503), answer(504), answer(500, { reason: 'InternalError' })]) {
      expect(retryDelayMs(outcome, WRITE_ONCE)).toBeUndefined();
    }
    expect(retryDelayMs({ type: 'failure', kind: 'lost' }, WRITE_ONCE)).toBeUndefined();
    expect(retryDelayMs({ type: 'failure', kind: 'timeout' }, WRITE_ONCE)).toBeUndefined();
  });

  it('a server that never answered only once, so that a wrong address is told soon', () => {
    const refused: Outcome = { type: 'failure', kind: 'not-connected' };
    const unknown = { ...FIRST, answeredBefore: false };
    expect(retryDelayMs(refused, unknown)).toBeGreaterThan(0);
    expect(retryDelayMs(refused, { ...unknown, attempt: 2 })).toBeUndefined();
    expect(retryDelayMs(refused, { ...FIRST, attempt: 2 })).toBeGreaterThan(0);
  });

  it('never a certificate that is not accepted', () => {
    expect(retryDelayMs({ type: 'failure', kind: 'final' }, FIRST)).toBeUndefined();
  });
});

describe('how long it waits', () => {
  it('doubles up to a limit', () => {
    const delays = [1, 2, 3, 4, 5].map((attempt) => retryDelayMs(answer(503), { ...FIRST, attempt }));
    expect(delays).toEqual([250, 500, 1000, 2000, 4000]);
    const policy = { ...RETRY_POLICY, attempts: 99 };
    expect(retryDelayMs(answer(503), { ...FIRST, attempt: 20 }, policy)).toBe(policy.maxDelayMs);
  });

  it('spreads over the upper half of that', () => {
    expect(retryDelayMs(answer(503), { ...FIRST, random: 0 })).toBe(125);
  });

  it('at least as long as the server asks for', () => {
    expect(retryDelayMs(answer(429, { retryAfterSeconds: 7 }), FIRST)).toBe(7000);
    expect(retryDelayMs(answer(429, { retryAfterSeconds: 0 }), FIRST)).toBe(250);
  });

  it('ends after the last attempt', () => {
    expect(retryDelayMs(answer(503), { ...FIRST, attempt: RETRY_POLICY.attempts - 1 })).toBeGreaterThan(0);
    expect(retryDelayMs(answer(503), { ...FIRST, attempt: RETRY_POLICY.attempts })).toBeUndefined();
  });

  it('ends where the wait would leave the budget, however few attempts there were', () => {
    expect(retryDelayMs(answer(429, { retryAfterSeconds: 60 }), FIRST)).toBeUndefined();
    const late = { ...FIRST, elapsedMs: RETRY_POLICY.budgetMs };
    expect(retryDelayMs({ type: 'failure', kind: 'timeout' }, late)).toBeUndefined();
  });
});

describe('parseRetryAfter', () => {
  const now = Date.parse('2030-01-01T00:00:00Z');

  it('reads seconds and dates', () => {
    expect(parseRetryAfter('3', now)).toBe(3);
    expect(parseRetryAfter('Tue, 01 Jan 2030 00:00:30 GMT', now)).toBe(30);
    expect(parseRetryAfter('Mon, 31 Dec 2029 00:00:00 GMT', now)).toBe(0);
  });

  it('takes anything else for no header', () => {
    expect(parseRetryAfter(undefined, now)).toBeUndefined();
    expect(parseRetryAfter('soon', now)).toBeUndefined();
    expect(parseRetryAfter('-1x', now)).toBeUndefined();
  });
});
