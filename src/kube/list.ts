import { isApiError } from './api-error.js';
import type { ListQuery } from './client.js';
import type { KubeObject } from './object.js';
import { withQuery } from './paths.js';
import type { Transport } from './transport.js';

export interface ListPage {
  items: KubeObject[];
  /** The state of the cluster the page shows: from here on a watch can follow. */
  resourceVersion: string;
}

export interface ListTarget {
  query: ListQuery;
  /** Path of the collection. */
  path: string;
  /** Objects a page. */
  limit: number;
  signal?: AbortSignal;
}

interface RawList {
  metadata?: { continue?: string; resourceVersion?: string };
  items?: KubeObject[] | null;
}

/**
 * A collection in pages. Where the list expires between two pages (410), `onExpired: 'continue'` goes on with the token the server
 * offers: no object comes twice, but later pages show a later state. With `'throw'` the ApiError passes.
 */
export async function* listPages(
  transport: Transport,
  target: ListTarget,
  onExpired: 'continue' | 'throw',
): AsyncGenerator<ListPage> {
  let token: string | undefined;
  do {
    const list = await readPage(transport, target, token, onExpired);
    yield {
      items: (list.items ?? []).map((item) => withKind(item, target.query)),
      resourceVersion: list.metadata?.resourceVersion ?? '',
    };
    token = list.metadata?.continue;
  } while (token !== undefined && token !== '');
}

async function readPage(
  transport: Transport,
  target: ListTarget,
  token: string | undefined,
  onExpired: 'continue' | 'throw',
): Promise<RawList> {
  const { query, path, limit, signal } = target;
  const { labelSelector, fieldSelector } = query;
  const read = (from: string | undefined): Promise<unknown> =>
    transport.json({
      method: 'GET',
      path: withQuery(path, { labelSelector, fieldSelector, limit, continue: from }),
      idempotent: true,
      verb: 'list',
      subject: describeCollection(query),
      ...(signal === undefined ? {} : { signal }),
    });
  try {
    return (await read(token)) as RawList;
  } catch (error) {
    if (onExpired === 'throw' || !isApiError(error, 410) || error.continueToken === undefined) throw error;
    return (await read(error.continueToken)) as RawList;
  }
}

/** The items of built-in lists come without apiVersion and kind. */
function withKind(item: KubeObject, { apiVersion, kind }: ListQuery): KubeObject {
  return { ...item, apiVersion: item.apiVersion ?? apiVersion, kind: item.kind ?? kind };
}

/** For messages: `Pod in kthena-system`, `Pod in all namespaces`. */
export function describeCollection({ kind, namespace }: ListQuery): string {
  return namespace === undefined ? `${kind} list` : `${kind} list of namespace ${namespace}`;
}
