import http2 from 'node:http2';
import type { Socket } from 'node:net';
import type { Answer, Channel, ChannelRequest } from './channel.js';
import { NetworkFailure } from './network-error.js';

/** The default of 64 KiB would stop a list after that much until the server hears it was read. */
const STREAM_WINDOW = 1 << 20;
/** Shared by all streams: large, so that a watch nobody reads just now does not stop the others. */
const SESSION_WINDOW = 1 << 25;

/** A channel over one HTTP/2 session on a socket for which TLS has agreed on `h2`. */
export function openHttp2Channel(server: string, socket: Socket): Channel {
  const session = http2.connect(server, {
    createConnection: () => socket,
    settings: { initialWindowSize: STREAM_WINDOW, enablePush: false },
  });
  session.once('connect', () => session.setLocalWindowSize(SESSION_WINDOW));
  // Each stream gets the error too; without a listener it would end the process.
  session.on('error', () => undefined);
  return {
    get usable() {
      return !session.closed && !session.destroyed;
    },
    send: (request, signal) => send(session, request, signal),
    retire: () => session.close(),
    destroy: () => session.destroy(),
  };
}

function send(session: http2.ClientHttp2Session, request: ChannelRequest, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(
      { ':method': request.method, ':path': request.path, ...request.headers },
      { signal, endStream: request.body === undefined },
    );
    stream.once('response', (headers) => {
      const status = headers[':status'] ?? 0;
      resolve({ status, headers, body: stream });
    });
    stream.on('error', (error) => reject(failure(stream, error)));
    // A stream may be closed without an error where the session ends in an orderly way.
    stream.once('close', () => reject(failure(stream, new Error('the connection was closed'))));
    if (request.body !== undefined) stream.end(request.body);
  });
}

/** REFUSED_STREAM: the server says that it did nothing (RFC 9113, 8.7), as it does when it shuts down. */
function failure(stream: http2.ClientHttp2Stream, error: Error): Error {
  const untouched = stream.rstCode === http2.constants.NGHTTP2_REFUSED_STREAM;
  return untouched ? new NetworkFailure('unprocessed', error) : error;
}
