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

export interface ReadPosition {
  resource: KubeObject;
  /** How many there were when the reading began. */
  total: number;
}

/**
 * Every resource of a kind, one after the other: the answer is cut into its items while it comes, so that neither their number nor
 * their size counts for the memory. All show one state of the cluster, unless the reading takes longer than the server remembers
 * that (some minutes); then those that follow show a later one, and none comes twice.
 *
 * @param namespace undefined for all
 * @throws KthenaError as the client; `unreachable` where a page breaks off again and again
 */
export async function* readResources(
  client: KubeClient,
  { apiVersion, kind, plural }: ServedKind,
  namespace: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<ReadPosition> {
  const path = resourcePath({ apiVersion, plural, namespace });
  // A first page of one tells how many there are, and later ones can be asked for again and are the same.
  const page = new PageReader(client, path, signal);
  let total: number | undefined;
  let token: string | undefined;
  do {
    const limit = token === undefined ? 1 : PAGE_SIZE;
    for await (const item of page.read(limit, token)) {
      const { continue: next, remainingItemCount = 0 } = page.envelope?.metadata ?? {};
      total ??= 1 + (next === undefined ? 0 : remainingItemCount);
      yield { resource: { ...item, apiVersion: item.apiVersion ?? apiVersion, kind: item.kind ?? kind }, total };
    }
    token = page.envelope?.metadata?.continue;
  } while (token !== undefined && token !== '');
}
