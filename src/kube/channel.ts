import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

export interface ChannelRequest {
  method: string;
  /** With the path of the server's URL before it and the query behind. */
  path: string;
  headers: Record<string, string | string[]>;
  body: string | undefined;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Readable;
}

/** An open way to the server that takes many requests at once: one HTTP/2 session, or a pool of HTTP/1.1 connections. */
export interface Channel {
  /** False once it is retired or the server has ended it: the next request needs another one. */
  readonly usable: boolean;
  /**
   * Resolves when the head of the answer is there; an abort makes this, or later the body, fail.
   * Throws NetworkFailure `unprocessed` where the request may be sent again, the socket's error otherwise.
   */
  send(request: ChannelRequest, signal: AbortSignal): Promise<Answer>;
  /** Takes no more requests; those under way go on. */
  retire(): void;
  /** Requests under way fail. */
  destroy(): void;
}
