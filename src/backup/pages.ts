import { setTimeout as wait } from 'node:timers/promises';
import { KthenaError } from '../errors.js';
import { isApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import { resourcePath, withQuery } from '../kube/paths.js';
import { parseJson } from './exact-json.js';
import { ItemSplitter } from './json-items.js';
import type { ServedKind } from './kinds.js';

/** Objects a page: of these the API server holds so many at a time, this process only one. */
const PAGE_SIZE = 500;
/** Attempts at one page whose answer breaks off. */
const ATTEMPTS = 5;
const PAUSE_MS = 500;

export interface CollectionQuery {
  kind: ServedKind;
  /** Undefined for all. */
  namespace: string | undefined;
  signal: AbortSignal;
  /** Told soon after the start how many are still to come. */
  onRemaining: (count: number) => void;
}

interface ListMetadata {
  continue?: string;
  remainingItemCount?: number;
}

/**
 * Every resource of a kind, one after the other: the answer is cut into its items while it comes, so that neither their number nor
 * their size counts for the memory. All show one state of the cluster, unless the reading takes longer than the server remembers
 * it (some minutes); then those that follow show a later one.
 *
 * @throws KthenaError as the client; `unreachable` where a page breaks off again and again
 */
export async function* readResources(client: KubeClient, query: CollectionQuery): AsyncGenerator<KubeObject> {
  const { apiVersion, plural } = query.kind;
  const path = resourcePath({ apiVersion, plural, namespace: query.namespace });
  // The first page, of one, tells how many there are, and gives a token with which all others stay the same however often they are read.
  let metadata = yield* readPage(client, path, { limit: 1 }, query.signal);
  query.onRemaining(metadata.remainingItemCount ?? 0);
  while (metadata.continue !== undefined && metadata.continue !== '') {
    metadata = yield* readPage(client, path, { limit: PAGE_SIZE, continue: metadata.continue }, query.signal);
  }
}

async function* readPage(
  client: KubeClient,
  path: string,
  parameters: { limit: number; continue?: string },
  signal: AbortSignal,
): AsyncGenerator<KubeObject, ListMetadata> {
  const given = new Set<string>();
  let from = parameters.continue;
  for (let attempt = 1; ; attempt++) {
    const splitter = new ItemSplitter();
    try {
      for await (const chunk of client.stream(withQuery(path, { ...parameters, continue: from }), signal)) {
        for (const text of splitter.push(chunk)) {
          const item = parseJson(text) as KubeObject;
          const key = `${item.metadata.namespace}/${item.metadata.name}`;
          if (given.has(key)) continue;
          given.add(key);
          yield item;
        }
      }
      return (splitter.envelope() as { metadata?: ListMetadata }).metadata ?? {};
    } catch (error) {
      const expired = isApiError(error, 410) ? error.continueToken : undefined;
      if (attempt === ATTEMPTS || !(expired !== undefined || isBrokenOff(error))) throw notAList(error, path);
      from = expired ?? from;
      await wait(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** A SyntaxError is what an end in the middle looks like where a proxy has made a proper one of it. */
function isBrokenOff(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof KthenaError && error.code === 'unreachable');
}

function notAList(error: unknown, path: string): unknown {
  if (!(error instanceof SyntaxError)) return error;
  return new KthenaError('cluster', `the answer to ${path} is no list of resources`, {
    hint: 'Is this the address of the API server? A proxy or a login page may stand before it.',
    cause: error,
  });
}
