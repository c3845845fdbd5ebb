import http from 'node:http';
import https from 'node:https';
import { isIP, type Socket } from 'node:net';
import { KthenaError } from '../errors.js';
import { displayProxy } from './proxy.js';

export interface Endpoint {
  /** Name or address, an IPv6 address without brackets. */
  host: string;
  port: number;
}

const SOCKS_TIMEOUT_MS = 10_000;

/**
 * A connection to `target` through a proxy: HTTP CONNECT for `http://` and `https://`, SOCKS for `socks5://`, `socks5h://`, `socks4://`
 * (the proxy resolves the name). User and password come from the proxy's URL.
 * Throws KthenaError `unreachable` where the proxy does not answer or refuses, `usage` for a proxy of another kind.
 */
export async function openTunnel(proxy: string, target: Endpoint, signal: AbortSignal): Promise<Socket> {
  const url = new URL(proxy);
  try {
    if (url.protocol === 'http:' || url.protocol === 'https:') return await httpTunnel(url, target, signal);
    if (/^socks[45]?[ah]?:$/.test(url.protocol)) return await socksTunnel(url, target, signal);
  } catch (cause) {
    if (signal.aborted) throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new KthenaError('unreachable', `The proxy ${displayProxy(proxy)} does not lead to ${target.host}: ${said}.`, {
      cause,
      hint: 'The proxy comes from proxy-url in the kubeconfig or from HTTPS_PROXY; NO_PROXY excepts hosts from the latter.',
    });
  }
  throw new KthenaError('usage', `The proxy ${displayProxy(proxy)} is of a kind that is not known.`, {
    hint: 'Use an http://, https:// or socks5:// URL in proxy-url or HTTPS_PROXY.',
  });
}

function httpTunnel(proxy: URL, { host, port }: Endpoint, signal: AbortSignal): Promise<Socket> {
  const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const headers: http.OutgoingHttpHeaders = { host: authority };
  if (proxy.username !== '') {
    const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    headers['proxy-authorization'] = `Basic ${Buffer.from(login).toString('base64')}`;
  }
  const { request } = proxy.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    request({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : proxy.port,
      method: 'CONNECT',
      path: authority,
      headers,
      agent: false,
      signal,
    })
      .once('connect', (answer, socket: Socket) => {
        if (answer.statusCode === 200) return resolve(socket);
        socket.destroy();
        reject(new Error(`it answers ${answer.statusCode} ${answer.statusMessage ?? ''}`.trim()));
      })
      .once('response', (answer) => {
        answer.destroy();
        reject(new Error(`it answers ${answer.statusCode} to CONNECT`));
      })
      .on('error', reject)
      .end();
  });
}

async function socksTunnel(proxy: URL, destination: Endpoint, signal: AbortSignal): Promise<Socket> {
  const { SocksClient } = await import('socks');
  const login = { userId: decodeURIComponent(proxy.username), password: decodeURIComponent(proxy.password) };
  const { socket } = await SocksClient.createConnection({
    command: 'connect',
    timeout: SOCKS_TIMEOUT_MS,
    destination,
    proxy: {
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? 1080 : Number(proxy.port),
      type: proxy.protocol.startsWith('socks4') ? 4 : 5,
      ...(proxy.username === '' ? {} : login),
    },
  });
  if (signal.aborted) socket.destroy();
  signal.throwIfAborted();
  return socket;
}
