import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { interpretRefusal, parseAnswer, type Question } from './answers.js';
import { Channels } from './channels.js';
import type { Connection } from './connection.js';
import { exchange, readText, type Exchange } from './exchange.js';
import { interruption } from './interruption.js';
import { NetworkFailure, unreachable } from './network-error.js';
import { retryDelayMs, type Outcome } from './retry.js';
import type { RequestSubject } from './status-error.js';
import { parseWarnings } from './warning-header.js';

/** One line of `--debug`: never with headers or bodies. */
export interface RequestTrace {
  method: string;
  path: string;
  /** HTTP status; undefined where there was no answer. */
  status: number | undefined;
  /** Until the head of the answer. */
  ms: number;
  /** 1 for the first attempt. */
  attempt: number;
}

export interface TransportOptions {
  /** `kthena/<version>`. */
  userAgent: string;
  /** Ends everything under way; its reason is thrown. */
  signal?: AbortSignal;
  /** For one attempt, up to the last byte of the answer; 30 s by default. */
  timeoutMs?: number;
  onRequest?: (trace: RequestTrace) => void;
  /** A `Warning` of the server, such as a deprecated version or an unknown field; each text once. */
  onWarning?: (text: string, subject: string) => void;
  /** For tests: the clock and the dice. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  random?: () => number;
}

export interface ApiRequest extends RequestSubject {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the server's URL with its query, everything escaped. */
  path: string;
  body?: unknown;
  /** Of the body; `application/json` by default. */
  contentType?: string;
  /** Doing it twice has the effect of doing it once. */
  idempotent: boolean;
  /** In place of the transport's. */
  signal?: AbortSignal;
  /** In place of the transport's. */
  timeoutMs?: number;
  /** In place of the transport's: every warning, also one that was given before. */
  onWarning?: (text: string) => void;
}

export interface Transport {
  /** The answer's JSON. Throws ApiError for another status than 2xx, KthenaError `unreachable` for no answer. */
  json(request: ApiRequest): Promise<unknown>;
  /** The answer's body as it comes, without a deadline once it has begun. */
  stream(request: ApiRequest): Promise<Exchange>;
  close(): void;
}

const TIMEOUT_MS = 30_000;

/** How one attempt ended: with what was asked for, or with an error that `outcome` sorts for the retry policy. */
type Attempt<T> = { value: T } | { outcome: Outcome; error: Error };

/**
 * Sends requests over kept-alive connections; each attempt has a deadline, and `retryDelayMs` says whether there is another.
 * After a 401 fresh credentials are tried once.
 */
export class HttpTransport implements Transport {
  readonly #connection: Connection;
  readonly #options: TransportOptions;
  readonly #timeoutMs: number;
  readonly #channels: Channels;
  readonly #basePath: string;
  readonly #warned = new Set<string>();
  #answeredBefore = false;

  constructor(connection: Connection, options: TransportOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#channels = new Channels(connection);
    this.#basePath = new URL(connection.server).pathname.replace(/\/$/, '');
    // One signal serves all parallel requests.
    if (options.signal !== undefined) setMaxListeners(0, options.signal);
  }

  json(request: ApiRequest): Promise<unknown> {
    return this.#run(request, async (done) =>
      parseAnswer(done.answer, await readText(done), questionOf(request, this.#connection)),
    );
  }

  stream(request: ApiRequest): Promise<Exchange> {
    return this.#run(request, (done) => {
      done.endDeadline();
      return Promise.resolve(done);
    });
  }

  close(): void {
    this.#channels.destroy();
  }

  async #run<T>(request: ApiRequest, consume: (done: Exchange) => Promise<T>): Promise<T> {
    const { sleep = pause, random = Math.random } = this.#options;
    // Both may end a request: its own what it is part of, the client's everything that is under way.
    const signal = anyOf(request.signal, this.#options.signal);
    const started = performance.now();
    let renewed = false;
    for (let number = 1; ; number++) {
      if (signal?.aborted === true) throw interruption(signal);
      const attempt = await this.#attempt(request, number, consume, signal);
      if ('value' in attempt) return attempt.value;
      const { outcome, error } = attempt;
      if (isUnauthorized(outcome) && !renewed && this.#connection.renewCredentials()) {
        renewed = true;
        continue;
      }
      const delay = retryDelayMs(outcome, {
        attempt: number,
        elapsedMs: performance.now() - started,
        idempotent: request.idempotent,
        answeredBefore: this.#answeredBefore,
        random: random(),
      });
      if (delay === undefined) throw error;
      // An aborted sleep ends early; the top of the loop then throws.
      await sleep(delay, signal).catch(() => undefined);
    }
  }

  async #attempt<T>(
    request: ApiRequest,
    number: number,
    consume: (done: Exchange) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<Attempt<T>> {
    try {
      const done = await this.#send(request, number, signal);
      const { status } = done.answer;
      if (status < 200 || status >= 300) {
        return interpretRefusal(done.answer, await readText(done), questionOf(request, this.#connection));
      }
      this.#reportWarnings(done, request);
      return { value: await consume(done) };
    } catch (error) {
      if (signal?.aborted === true) throw interruption(signal);
      if (!(error instanceof NetworkFailure)) throw error;
      const { server, context } = this.#connection;
      return {
        outcome: { type: 'failure', kind: error.kind },
        error: unreachable(server, context, error, this.#timeoutOf(request) / 1000),
      };
    }
  }

  async #send(request: ApiRequest, attempt: number, signal: AbortSignal | undefined): Promise<Exchange> {
    const { headers, ...certificate } = await this.#connection.credentials(signal);
    const { method, path } = request;
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const target = {
      method,
      path: this.#basePath + path,
      headers: { ...requestHeaders(request, body, this.#options.userAgent), ...headers },
      body,
    };
    const started = performance.now();
    let status: number | undefined;
    try {
      const done = await exchange(() => this.#channels.open(certificate), target, this.#timeoutOf(request), signal);
      status = done.answer.status;
      this.#answeredBefore = true;
      return done;
    } finally {
      const ms = Math.round(performance.now() - started);
      this.#options.onRequest?.({ method, path, status, ms, attempt });
    }
  }

  #timeoutOf(request: ApiRequest): number {
    return request.timeoutMs ?? this.#timeoutMs;
  }

  #reportWarnings(done: Exchange, request: ApiRequest): void {
    for (const text of parseWarnings(done.answer.headers.warning ?? '')) {
      if (request.onWarning !== undefined) {
        request.onWarning(text);
        continue;
      }
      if (this.#warned.has(text)) continue;
      this.#warned.add(text);
      this.#options.onWarning?.(text, request.subject);
    }
  }
}

function anyOf(a: AbortSignal | undefined, b: AbortSignal | undefined): AbortSignal | undefined {
  return a !== undefined && b !== undefined ? AbortSignal.any([a, b]) : (a ?? b);
}

function pause(ms: number, signal?: AbortSignal): Promise<unknown> {
  return wait(ms, undefined, signal === undefined ? {} : { signal });
}

function questionOf({ path, verb, subject }: ApiRequest, caller: Connection): Question {
  return { path, verb, subject, caller };
}

function isUnauthorized(outcome: Outcome): boolean {
  return outcome.type === 'answer' && outcome.status === 401;
}

function requestHeaders(request: ApiRequest, body: string | undefined, userAgent: string): Record<string, string> {
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  if (body === undefined) return headers;
  return {
    ...headers,
    'content-type': request.contentType ?? 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  };
}
