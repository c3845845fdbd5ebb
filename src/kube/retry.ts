/** How one attempt at a request ended. */
export type Outcome =
  | {
      type: 'answer';
      status: number;
      reason?: string | undefined;
      /** From the `Retry-After` header or `Status.details.retryAfterSeconds`. */
      retryAfterSeconds?: number | undefined;
    }
  | {
      type: 'failure';
      /**
       * `not-connected`: nothing was sent. `unprocessed`: the server has not taken the request.
       * `lost`: broken off, the server may have done the work. `timeout`: past the deadline. `final`: trying again cannot help.
       */
      kind: 'not-connected' | 'unprocessed' | 'lost' | 'timeout' | 'final';
    };

export interface RetryState {
  /** Attempts made so far, this one included. */
  attempt: number;
  /** Since the first attempt began. */
  elapsedMs: number;
  /** Doing it twice has the effect of doing it once. */
  idempotent: boolean;
  /** The server has answered before, so an address that refuses now is likely to be a restart. */
  answeredBefore: boolean;
  /** In [0, 1). */
  random: number;
}

export interface RetryPolicy {
  attempts: number;
  baseDelayMs: number;
  maxDelayMs: number;
  /** No attempt begins later than this. */
  budgetMs: number;
}

export const RETRY_POLICY: RetryPolicy = { attempts: 6, baseDelayMs: 250, maxDelayMs: 5_000, budgetMs: 20_000 };

/**
 * Milliseconds to wait before the next attempt; undefined where this outcome is the result.
 * Exponential with jitter; a server's Retry-After is a lower bound.
 */
export function retryDelayMs(outcome: Outcome, state: RetryState, policy = RETRY_POLICY): number | undefined {
  if (state.attempt >= policy.attempts || !isWorthRetrying(outcome, state)) return undefined;
  const exponential = Math.min(policy.baseDelayMs * 2 ** (state.attempt - 1), policy.maxDelayMs);
  const jittered = exponential * (0.5 + state.random / 2);
  const asked = outcome.type === 'answer' ? (outcome.retryAfterSeconds ?? 0) * 1000 : 0;
  const delay = Math.max(jittered, asked);
  return state.elapsedMs + delay <= policy.budgetMs ? delay : undefined;
}

function isWorthRetrying(outcome: Outcome, state: RetryState): boolean {
  if (outcome.type === 'answer') return isAnswerWorthRetrying(outcome, state.idempotent);
  switch (outcome.kind) {
    case 'not-connected':
      return state.answeredBefore || state.attempt === 1;
    case 'unprocessed':
      return true;
    case 'lost':
    case 'timeout':
      return state.idempotent;
    case 'final':
      return false;
  }
}

function isAnswerWorthRetrying(answer: Outcome & { type: 'answer' }, idempotent: boolean): boolean {
  switch (answer.status) {
    case 429:
      return true;
    case 503:
      // With Retry-After the server declined before doing anything; without it a proxy may have lost the answer.
      return idempotent || answer.retryAfterSeconds !== undefined;
    case 502:
    case 504:
      return idempotent;
    case 500:
      // InternalError covers a passing etcd failure; other reasons of 500 are final.
      return idempotent && (answer.reason === 'InternalError' || answer.retryAfterSeconds !== undefined);
    default:
      return false;
  }
}

/** Seconds in a `Retry-After` header, which is a number or an HTTP date; undefined for anything else. */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - nowMs) / 1000);
}
