import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../../src/kube/http-client.js';
import { connectionTo, sharedCluster } from './setup.js';

const cluster = sharedCluster();
const LOGIN = 'me:p@ss';
let connects: { target: string; authorization: string | undefined }[] = [];
let socksTargets: string[] = [];
let httpProxy: http.Server;
let socksProxy: net.Server;

beforeAll(async () => {
  httpProxy = http.createServer((_request, response) => response.writeHead(405).end());
  httpProxy.on('connect', (request, socket: net.Socket) => {
    connects.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    if (request.headers['proxy-authorization'] !== `Basic ${Buffer.from(LOGIN).toString('base64')}`) {
      return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    }
    const { hostname, port } = new URL(cluster.server);
    const upstream = net.connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  socksProxy = net.createServer((socket) => void socks5(socket));
  await Promise.all(
    [httpProxy, socksProxy].map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))),
  );
});

afterAll(() => {
  httpProxy.closeAllConnections();
  httpProxy.close();
  socksProxy.close();
});

/** As much of RFC 1928 as it takes: no login, CONNECT to a name or an IPv4 address. */
async function socks5(socket: net.Socket): Promise<void> {
  socket.on('error', () => undefined);
  const next = (): Promise<Buffer> => new Promise((resolve) => socket.once('data', resolve));
  await next();
  socket.write(Buffer.from([5, 0]));
  const request = await next();
  socksTargets.push(
    request[3] === 3 ? request.subarray(5, 5 + request[4]!).toString() : [...request.subarray(4, 8)].join('.'),
  );
  const { hostname, port } = new URL(cluster.server);
  const upstream = net.connect(Number(port), hostname, () => {
    socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
    upstream.pipe(socket).pipe(upstream);
  });
  upstream.on('error', () => socket.destroy());
}

const portOf = (server: net.Server): number => (server.address() as AddressInfo).port;

/** The version of the API server, read through this proxy; the server goes by a name only the proxy can know. */
async function versionThrough(proxy: string): Promise<unknown> {
  const connection = await connectionTo(cluster);
  const hidden = {
    ...connection,
    server: 'https://kubernetes.invalid:6443',
    tls: { ...connection.tls, servername: 'kubernetes' },
    proxy,
  };
  const client = createClient(hidden, { userAgent: 'kthena/test' });
  try {
    return await client.read('/version');
  } finally {
    client.close();
  }
}

describe('an HTTP proxy', () => {
  it('leads to the server, whose name it resolves, and gets its login', async () => {
    connects = [];
    const proxy = `http://me:${encodeURIComponent('p@ss')}@127.0.0.1:${portOf(httpProxy)}`;
    expect(await versionThrough(proxy)).toMatchObject({ major: '1' });
    expect(connects).toMatchObject([{ target: 'kubernetes.invalid:6443' }]);
  });

  it('that refuses is named, without its password', async () => {
    const work = versionThrough(`http://me:hunter2@127.0.0.1:${portOf(httpProxy)}`);
    const error = await work.then(
      () => expect.fail('let through'),
      (reason: Error) => reason,
    );
    expect(error).toMatchObject({ code: 'unreachable', message: expect.stringContaining('407') });
    expect(error.message).toContain(`127.0.0.1:${portOf(httpProxy)}`);
    expect(error.message).not.toContain('hunter2');
  });

  it('that is not there is named', async () => {
    await expect(versionThrough('http://127.0.0.1:1')).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('The proxy http://127.0.0.1:1'),
    });
  });

  it('of an unknown kind is a mistake', async () => {
    await expect(versionThrough('gopher://127.0.0.1:70')).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('a SOCKS proxy', () => {
  it('leads to the server, whose name it resolves', async () => {
    socksTargets = [];
    expect(await versionThrough(`socks5://127.0.0.1:${portOf(socksProxy)}`)).toMatchObject({ major: '1' });
    expect(socksTargets).toEqual(['kubernetes.invalid']);
  });
});
