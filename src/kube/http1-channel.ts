import http from 'node:http';
import type { Socket } from 'node:net';
import type { Answer, Channel, ChannelRequest } from './channel.js';
import { NetworkFailure } from './network-error.js';

/** A channel over kept-alive HTTP/1.1 connections: for `http://` servers and for proxies before the API that know no HTTP/2. */
export function openHttp1Channel(authority: string, dialSocket: () => Promise<Socket>): Channel {
  const agent = new DialingAgent(dialSocket);
  return {
    usable: true,
    send: (request, signal) => send(agent, authority, request, signal),
    // A request that is given up takes its connection with it.
    retire: () => undefined,
    destroy: () => agent.destroy(),
  };
}

/** Leaves to Node which connection serves which request, and nothing else. */
class DialingAgent extends http.Agent {
  readonly #dial: () => Promise<Socket>;

  constructor(dialSocket: () => Promise<Socket>) {
    super({ keepAlive: true });
    this.#dial = dialSocket;
  }

  override createConnection(
    _options: unknown,
    callback?: (error: Error | null, socket: Socket) => void,
  ): ReturnType<http.Agent['createConnection']> {
    this.#dial().then(
      (socket) => callback?.(null, socket),
      (error: Error) => callback?.(error, undefined as unknown as Socket),
    );
    return undefined as unknown as Socket;
  }
}

function send(
  agent: http.Agent,
  authority: string,
  { method, path, headers, body }: ChannelRequest,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ agent, method, path, headers: { ...headers, host: authority }, signal });
    request.once('response', (answer) =>
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer }),
    );
    request.on('error', (error: NodeJS.ErrnoException) => {
      // Closed by the server while it was idle. What cannot even be written, the server cannot have seen as a whole.
      const stale = error.syscall === 'write' && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      reject(stale ? new NetworkFailure('unprocessed', error) : error);
    });
    request.end(body);
  });
}
