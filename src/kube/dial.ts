import net from 'node:net';
import tls from 'node:tls';
import { KthenaError } from '../errors.js';
import type { Connection, Credentials } from './connection.js';
import { isFinal, NetworkFailure } from './network-error.js';
import { openTunnel, type Endpoint } from './tunnel.js';

/** Found out for dead peers: the system asks after this long without traffic. */
const KEEP_ALIVE_MS = 15_000;
/** Node gives each address of a host 250 ms by default, too little over a slow line. */
const ATTEMPT_TIMEOUT_MS = 2_000;

/**
 * A connection to the API server, through its proxy where it has one, with TLS done for an `https://` server.
 * ALPN offers HTTP/2 and HTTP/1.1 unless said otherwise: `socket.alpnProtocol` is what the server chose.
 * Throws NetworkFailure where it does not come about, KthenaError for the proxy's part in that.
 */
export async function dial(
  connection: Connection,
  credentials: Pick<Credentials, 'cert' | 'key'>,
  signal: AbortSignal,
  protocols: readonly string[] = ['h2', 'http/1.1'],
): Promise<net.Socket> {
  const endpoint = endpointOf(connection.server);
  signal.throwIfAborted();
  try {
    const tunnel = connection.proxy === undefined ? undefined : await openTunnel(connection.proxy, endpoint, signal);
    const socket = connection.server.startsWith('https:')
      ? await established(startTls(connection, credentials, endpoint, protocols, tunnel), 'secureConnect', signal)
      : (tunnel ?? (await established(connectTcp(endpoint), 'connect', signal)));
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.setNoDelay(true);
    return socket;
  } catch (error) {
    if (error instanceof KthenaError || signal.aborted) throw error;
    throw new NetworkFailure(isFinal(error) ? 'final' : 'not-connected', error);
  }
}

/** Host and port of an `http://` or `https://` URL. */
export function endpointOf(server: string): Endpoint {
  const { hostname, port, protocol } = new URL(server);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
  };
}

function startTls(
  { tls: options }: Connection,
  { cert, key }: Pick<Credentials, 'cert' | 'key'>,
  { host, port }: Endpoint,
  protocols: readonly string[],
  tunnel: net.Socket | undefined,
): tls.TLSSocket {
  const servername = options.servername ?? (net.isIP(host) === 0 ? host : undefined);
  const all: tls.ConnectionOptions & net.TcpNetConnectOpts = {
    host,
    port,
    autoSelectFamilyAttemptTimeout: ATTEMPT_TIMEOUT_MS,
    ALPNProtocols: [...protocols],
    // Said explicitly: otherwise NODE_TLS_REJECT_UNAUTHORIZED=0 would switch the check off unseen.
    rejectUnauthorized: options.insecure !== true,
    ...(tunnel === undefined ? {} : { socket: tunnel }),
    ...(servername === undefined ? {} : { servername }),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  return tls.connect(all);
}

function connectTcp({ host, port }: Endpoint): net.Socket {
  return net.connect({ host, port, autoSelectFamilyAttemptTimeout: ATTEMPT_TIMEOUT_MS });
}

function established<S extends net.Socket>(socket: S, event: string, signal: AbortSignal): Promise<S> {
  return new Promise((resolve, reject) => {
    const abort = (): void => void socket.destroy(new Error('gave up'));
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', reject);
    socket.once('close', () => {
      signal.removeEventListener('abort', abort);
      reject(new Error('the connection was closed'));
    });
    socket.once(event, () => {
      signal.removeEventListener('abort', abort);
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
