import { KthenaError } from '../errors.js';
import { ApiError, isApiError, type Status } from './api-error.js';
import type { WatchEvent } from './client.js';
import type { Exchange } from './exchange.js';
import { jsonLines } from './json-lines.js';
import { describeCollection, listPages, type ListTarget } from './list.js';
import { NetworkFailure } from './network-error.js';
import type { KubeObject } from './object.js';
import { withQuery } from './paths.js';
import type { Transport } from './transport.js';
import { WatchState } from './watch-state.js';

export interface WatchTiming {
  /** The server ends a watch after this long, so that a dead connection cannot hide for ever. */
  serverSeconds: number;
  /** How much later this end gives up on a connection that brings nothing. */
  graceMs: number;
  /** How long the server may be away before the watch fails. */
  patienceMs: number;
  pauseMs: number;
  sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** A raw event of the watch API. */
type RawEvent = ObjectEvent | { type: 'ERROR'; object: Status };

interface ObjectEvent {
  /** BOOKMARK: nothing but a resourceVersion from which a watch can go on. */
  type: WatchEvent['type'] | 'BOOKMARK';
  object: KubeObject;
}

/**
 * Lists, then watches, until `target.signal` aborts: see `KubeClient.watch`.
 * A lost connection resumes from the last resourceVersion; where that has expired, a fresh list is told as changes.
 * Throws what the first list throws, `not-found` where the kind goes away (after telling its objects as deleted),
 * and `unreachable` where the server stays away longer than `patienceMs`.
 */
export async function* watchCollection(
  transport: Transport,
  target: ListTarget & { signal: AbortSignal },
  timing: WatchTiming,
): AsyncGenerator<WatchEvent> {
  const { signal } = target;
  const state = new WatchState();
  let resourceVersion: string | undefined;
  /** Since when the server is away; undefined while it answers. */
  let awaySince: number | undefined;
  let listed = false;
  while (!signal.aborted) {
    try {
      if (resourceVersion === undefined) {
        const list = await freshList(transport, target);
        resourceVersion = list.resourceVersion;
        listed = true;
        yield* state.relist(list.objects);
      }
      const stream = await openWatch(transport, target, resourceVersion, timing);
      awaySince = undefined;
      for await (const event of readEvents(stream, timing)) {
        resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion;
        if (event.type !== 'BOOKMARK') yield* state.take({ type: event.type, object: event.object });
      }
    } catch (error) {
      if (signal.aborted) return;
      awaySince ??= performance.now();
      if (isApiError(error, 404)) yield* state.relist([]);
      if (isApiError(error, 410)) resourceVersion = undefined;
      else if (!listed || !isPassing(error) || performance.now() - awaySince > timing.patienceMs) throw error;
    }
    await timing.sleep(timing.pauseMs, signal).catch(() => undefined);
  }
}

async function freshList(
  transport: Transport,
  target: ListTarget,
): Promise<{ objects: KubeObject[]; resourceVersion: string }> {
  const objects: KubeObject[] = [];
  let resourceVersion = '';
  for await (const page of listPages(transport, target, 'throw')) {
    objects.push(...page.items);
    resourceVersion = page.resourceVersion;
  }
  return { objects, resourceVersion };
}

function openWatch(
  transport: Transport,
  { query, path, signal }: ListTarget & { signal: AbortSignal },
  resourceVersion: string,
  { serverSeconds }: WatchTiming,
): Promise<Exchange> {
  const { labelSelector, fieldSelector } = query;
  const parameters = { labelSelector, fieldSelector, resourceVersion, timeoutSeconds: serverSeconds };
  return transport.stream({
    method: 'GET',
    path: withQuery(path, { ...parameters, watch: true, allowWatchBookmarks: true }),
    idempotent: true,
    verb: 'watch',
    subject: describeCollection(query),
    signal,
  });
}

/** The events of one connection. Throws ApiError for an event of type ERROR, and where the connection breaks. */
async function* readEvents(stream: Exchange, timing: WatchTiming): AsyncGenerator<ObjectEvent> {
  const silence = setTimeout(stream.abort, timing.serverSeconds * 1000 + timing.graceMs);
  try {
    for await (const line of jsonLines(stream.answer.body)) {
      const event = line as RawEvent;
      if (event.type === 'ERROR') throw watchError(event.object);
      yield event;
    }
  } catch (error) {
    throw error instanceof ApiError ? error : stream.failure(error);
  } finally {
    clearTimeout(silence);
    stream.abort();
  }
}

function watchError(status: Status): ApiError {
  const code = status.code ?? 500;
  return new ApiError('cluster', `The API server ended the watch (${code}: ${status.message ?? 'no reason given'}).`, {
    status: code,
    reason: status.reason,
  });
}

/** What a restart of the API server or of a load balancer looks like; a refusal of our rights is not among them. */
function isPassing(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === 429 || error.status >= 500;
  return error instanceof NetworkFailure || (error instanceof KthenaError && error.code === 'unreachable');
}
