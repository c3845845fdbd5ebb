import type { Duplex } from 'node:stream';
import type { KubeObject, ObjectRef } from './object.js';

export interface ApplyOptions {
  fieldManager: string;
  /** Take fields over from other managers instead of failing with a conflict (409). */
  force?: boolean;
  /** Let the server do everything but store it. */
  dryRun?: boolean;
}

export interface DeleteOptions {
  propagation?: 'Background' | 'Foreground' | 'Orphan';
  dryRun?: boolean;
  /** Delete only this very object, not one of the same name made since. */
  uid?: string;
  /** Delete it only as it was read: 409 `Conflict` where it has changed since. */
  resourceVersion?: string;
}

export interface WriteOptions {
  fieldManager: string;
  /** Let the server do everything but store it. */
  dryRun?: boolean;
  /** For one attempt, in place of the client's: for what is worth nothing when it comes late, or may well take long. */
  timeoutMs?: number;
}

export interface CreateOptions extends WriteOptions {
  /** Gets the warnings of the answer, in place of the client's own listener. */
  onWarning?: (text: string) => void;
}

export interface ListQuery {
  apiVersion: string;
  kind: string;
  /** Absent: all namespaces. */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
}

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: KubeObject;
}

export interface ApiResource {
  plural: string;
  namespaced: boolean;
}

/**
 * The API server as this tool uses it. Objects go and come as raw JSON; every call has a deadline and is retried where that is safe.
 * All methods throw `ApiError` for an answer that is not a success, and KthenaError `unreachable` where there is no answer.
 */
export interface KubeClient {
  /** `https://host:port` of the server, for messages. */
  readonly server: string;
  /** Undefined where the object, or its kind, does not exist (404). */
  get(ref: ObjectRef): Promise<KubeObject | undefined>;
  /** Every object that matches, read in pages as it is consumed. Nothing where the kind does not exist. */
  list(query: ListQuery): AsyncIterable<KubeObject>;
  /** Server-side apply; creates the object where it does not exist. */
  apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject>;
  /** Fails with 409 `AlreadyExists` where the object exists. */
  create(object: KubeObject, options: CreateOptions): Promise<KubeObject>;
  /** Whole-object PUT; with `metadata.resourceVersion` it fails with 409 `Conflict` where somebody was quicker. */
  replace(object: KubeObject, options: WriteOptions): Promise<KubeObject>;
  /** Whole-object PUT of the status subresource: only `status` counts. With `metadata.resourceVersion` as `replace`. */
  replaceStatus(object: KubeObject, options: { fieldManager: string }): Promise<KubeObject>;
  /** False where the object did not exist (any more). */
  delete(ref: ObjectRef, options?: DeleteOptions): Promise<boolean>;
  /**
   * Lists, then watches: first an ADDED for each object that exists, then what changes, until `signal` aborts (then it ends quietly).
   * Reconnects by itself after a lost connection or an expired resourceVersion (410), with a fresh list.
   */
  watch(query: ListQuery, signal: AbortSignal): AsyncIterable<WatchEvent>;
  /** Undefined where the server does not serve this kind (yet). Discovery is asked once and again after `forgetDiscovery`. */
  resource(apiVersion: string, kind: string): Promise<ApiResource | undefined>;
  /** To be called after CRDs were changed. */
  forgetDiscovery(): void;
  /** JSON of a path such as `/version`. */
  read(path: string): Promise<unknown>;
  /**
   * The answer to a GET of a path as it comes, for what is too large to hold or must not be parsed as a whole. Retried only until
   * it begins; throws `unreachable` where it breaks off or stalls.
   */
  stream(path: string, signal?: AbortSignal): AsyncIterable<Buffer>;
  /**
   * A connection to a port of a pod, as `kubectl port-forward` makes one. Throws where there is none, and is tried once: whoever
   * asks can do without.
   */
  forward(pod: ObjectRef, port: number, signal: AbortSignal): Promise<Duplex>;
  /** Ends kept-alive connections, so that the process can end. */
  close(): void;
}
