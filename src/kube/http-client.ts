import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { KthenaError } from '../errors.js';
import { isApiError } from './api-error.js';
import type {
  ApiResource,
  ApplyOptions,
  CreateOptions,
  DeleteOptions,
  KubeClient,
  ListQuery,
  WatchEvent,
  WriteOptions,
} from './client.js';
import type { Connection } from './connection.js';
import { createDiscovery, type Discovery } from './discovery.js';
import { interruption } from './interruption.js';
import { describeCollection, listPages, type ListTarget } from './list.js';
import { NetworkFailure, unreachable } from './network-error.js';
import { formatRef, refOf, type KubeObject, type ObjectRef } from './object.js';
import { resourcePath } from './paths.js';
import { HttpTransport, type Transport, type TransportOptions } from './transport.js';
import { watchCollection, type WatchTiming } from './watch.js';
import { applyObject, createObject, deleteObject, replaceObject } from './writes.js';

export interface ClientOptions extends TransportOptions {
  /** Objects a page of a list; 500 by default. */
  pageSize?: number;
  /** For tests. */
  watchTiming?: Partial<WatchTiming>;
}

const PAGE_SIZE = 500;
/** A body that brings nothing for so long is taken for lost. */
const STALL_MS = 30_000;
const WATCH_TIMING: WatchTiming = {
  serverSeconds: 290,
  graceMs: 10_000,
  patienceMs: 60_000,
  pauseMs: 500,
  sleep: (ms, signal) => wait(ms, undefined, { signal }),
};

/** The client for one API server; it connects with its first request, and `close` ends its connections. */
export function createClient(connection: Connection, options: ClientOptions): KubeClient {
  return new HttpClient(connection, options);
}

class HttpClient implements KubeClient {
  readonly server: string;
  readonly #connection: Connection;
  readonly #options: ClientOptions;
  readonly #transport: Transport;
  readonly #discovery: Discovery;

  constructor(connection: Connection, options: ClientOptions) {
    this.server = connection.server;
    this.#connection = connection;
    this.#options = options;
    this.#transport = new HttpTransport(connection, options);
    this.#discovery = createDiscovery(this.#transport);
  }

  async get(ref: ObjectRef): Promise<KubeObject | undefined> {
    const path = await this.#objectPath(ref);
    if (path === undefined) return undefined;
    try {
      const subject = formatRef(ref);
      const answer = await this.#transport.json({ method: 'GET', path, idempotent: true, verb: 'read', subject });
      return answer as KubeObject;
    } catch (error) {
      if (isApiError(error, 404)) return undefined;
      throw error;
    }
  }

  async *list(query: ListQuery): AsyncGenerator<KubeObject> {
    const target = await this.#collection(query);
    if (target === undefined) return;
    try {
      for await (const page of listPages(this.#transport, target, 'continue')) yield* page.items;
    } catch (error) {
      // The kind was known, but is served no longer.
      if (!isApiError(error, 404)) throw error;
    }
  }

  async *watch(query: ListQuery, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const target = await this.#collection(query);
    if (target === undefined) throw notServed(query.apiVersion, query.kind, describeCollection(query));
    const own = this.#options.signal;
    const either = own === undefined ? signal : AbortSignal.any([signal, own]);
    const timing = { ...WATCH_TIMING, ...this.#options.watchTiming };
    yield* watchCollection(this.#transport, { ...target, signal: either }, timing);
    if (own?.aborted === true && !signal.aborted) throw interruption(own);
  }

  async apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
    const path = (await this.#objectPath(refOf(object))) ?? missing(object);
    return applyObject(this.#transport, path, object, options);
  }

  async create(object: KubeObject, options: CreateOptions): Promise<KubeObject> {
    const { apiVersion, kind } = object;
    const resource = (await this.#discovery.resource(apiVersion, kind)) ?? missing(object);
    const path = pathOf(resource, apiVersion, namespaceFor(resource, refOf(object)));
    return createObject(this.#transport, path, object, options);
  }

  async replace(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    const path = (await this.#objectPath(refOf(object))) ?? missing(object);
    return replaceObject(this.#transport, path, object, options);
  }

  async replaceStatus(object: KubeObject, options: { fieldManager: string }): Promise<KubeObject> {
    const path = (await this.#objectPath(refOf(object))) ?? missing(object);
    return replaceObject(this.#transport, `${path}/status`, object, options);
  }

  async delete(ref: ObjectRef, options: DeleteOptions = {}): Promise<boolean> {
    const path = await this.#objectPath(ref);
    return path !== undefined && deleteObject(this.#transport, path, ref, options, () => this.get(ref));
  }

  resource(apiVersion: string, kind: string): Promise<ApiResource | undefined> {
    return this.#discovery.resource(apiVersion, kind);
  }

  forgetDiscovery(): void {
    this.#discovery.forget();
  }

  read(path: string): Promise<unknown> {
    return this.#transport.json({ method: 'GET', path, idempotent: true, verb: 'read', subject: path });
  }

  async *stream(path: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
    const request = { method: 'GET', path, idempotent: true, verb: 'read', subject: path } as const;
    const exchange = await this.#transport.stream({ ...request, ...(signal === undefined ? {} : { signal }) });
    const { answer, failure, abort } = exchange;
    let stall = setTimeout(abort, STALL_MS);
    try {
      for await (const chunk of answer.body) {
        // Whoever reads may take its time.
        clearTimeout(stall);
        yield chunk as Buffer;
        stall = setTimeout(abort, STALL_MS);
      }
    } catch (error) {
      const reason = failure(error);
      const { server, context } = this.#connection;
      throw reason instanceof NetworkFailure ? unreachable(server, context, reason, STALL_MS / 1000) : reason;
    } finally {
      clearTimeout(stall);
      abort();
    }
  }

  async forward(pod: ObjectRef, port: number, signal: AbortSignal): Promise<Duplex> {
    const { apiVersion, kind } = pod;
    const own = await this.#objectPath(pod);
    if (own === undefined) throw notServed(apiVersion, kind, formatRef(pod));
    const path = `${own}/portforward`;
    const { openPortForward } = await import('./port-forward.js');
    const started = performance.now();
    let status: number | undefined;
    try {
      const stream = await openPortForward(
        this.#connection,
        { path, port, userAgent: this.#options.userAgent },
        signal,
      );
      status = 101;
      return stream;
    } finally {
      const ms = Math.round(performance.now() - started);
      this.#options.onRequest?.({ method: 'GET', path: `${path}?ports=${port}`, status, ms, attempt: 1 });
    }
  }

  close(): void {
    this.#transport.close();
  }

  async #objectPath(ref: ObjectRef): Promise<string | undefined> {
    const resource = await this.#discovery.resource(ref.apiVersion, ref.kind);
    return resource && pathOf(resource, ref.apiVersion, namespaceFor(resource, ref), ref.name);
  }

  async #collection(query: ListQuery): Promise<Omit<ListTarget, 'signal'> | undefined> {
    const { apiVersion, kind, namespace } = query;
    const resource = await this.#discovery.resource(apiVersion, kind);
    if (resource === undefined) return undefined;
    const path = pathOf(resource, apiVersion, resource.namespaced ? namespace : undefined);
    return { query, path, limit: this.#options.pageSize ?? PAGE_SIZE };
  }
}

function pathOf({ plural }: ApiResource, apiVersion: string, namespace: string | undefined, name?: string): string {
  return resourcePath({ apiVersion, plural, namespace, name });
}

/** A namespace on a cluster-scoped object is ignored, as the API server would refuse the path. */
function namespaceFor(resource: ApiResource, ref: ObjectRef): string | undefined {
  if (!resource.namespaced) return undefined;
  if (ref.namespace !== undefined) return ref.namespace;
  throw new TypeError(`${formatRef(ref)} needs a namespace`);
}

function missing(object: KubeObject): never {
  throw notServed(object.apiVersion, object.kind, formatRef(refOf(object)));
}

function notServed(apiVersion: string, kind: string, subject: string): KthenaError {
  return new KthenaError('not-found', `${subject}: the cluster does not know the kind ${kind} of ${apiVersion}.`, {
    hint: 'Is the CustomResourceDefinition of this kind installed, and does it serve this version?',
  });
}
