import { readFileSync } from 'node:fs';
import type http from 'node:http';
import https from 'node:https';
import http2 from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import type { Connection } from '../../../src/kube/connection.js';
import type { Cluster } from '../../cluster/index.mjs';
import { connectionTo } from './setup.js';

export type Fault =
  | { type: 'answer'; status: number; headers?: Record<string, string>; body?: unknown }
  /** The connection ends without an answer; with `afterwards` the API server has done the work before. */
  | { type: 'reset'; afterwards?: boolean }
  | { type: 'silence' };

/** Says what goes wrong with a request; `count` is how many have come with this method and path, this one included. */
export type FaultRule = (request: { method: string; path: string; count: number }) => Fault | undefined;

type ProxyRequest = http2.Http2ServerRequest | http.IncomingMessage;
type ProxyResponse = http2.Http2ServerResponse | http.ServerResponse;

/** Stands between a client and the real API server, which itself does not misbehave on demand. */
export class FaultProxy {
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Set<http2.ServerHttp2Session>();
  readonly #counts = new Map<string, number>();
  readonly #server: http2.Http2SecureServer | https.Server;
  readonly #upstream: https.Agent;
  readonly #target: URL;
  rule: FaultRule = () => undefined;
  /** Requests whose answer has not ended. */
  openRequests = 0;
  /** Connections made so far. */
  connections = 0;
  /** HTTP versions of the requests so far. */
  readonly versions = new Set<string>();

  private constructor(
    cluster: Cluster,
    private readonly admin: Connection,
    http2Too: boolean,
    login: { cert: string; key: string },
  ) {
    this.#target = new URL(admin.server);
    this.#upstream = new https.Agent({ keepAlive: true, ca: readFileSync(cluster.caFile), ...login });
    // The API server's own certificate: clients find nothing strange.
    const certificate = {
      cert: readFileSync(path.join(cluster.dir, 'apiserver.crt')),
      key: readFileSync(path.join(cluster.dir, 'apiserver.key')),
    };
    this.#server = http2Too
      ? http2.createSecureServer(certificate, (request, response) => this.#handle(request, response))
      : https.createServer(certificate, (request, response) => this.#handle(request, response));
    this.#server.on('session', (session: http2.ServerHttp2Session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
    });
    this.#server.on('sessionError', () => undefined);
    this.#server.on('connection', (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Speaks HTTP/2, or nothing but HTTP/1.1. */
  static async start(cluster: Cluster, http2Too = true): Promise<FaultProxy> {
    const admin = await connectionTo(cluster);
    const { cert, key } = await admin.credentials();
    const proxy = new FaultProxy(cluster, admin, http2Too, { cert: String(cert), key: String(key) });
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** To the proxy, with the login of the administrator. */
  get connection(): Connection {
    const { port } = this.#server.address() as AddressInfo;
    return { ...this.admin, server: `https://127.0.0.1:${port}` };
  }

  /** Ends every connection without a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Asks clients to go elsewhere once their requests are answered (GOAWAY), as the API server does when it shuts down. */
  drain(): void {
    for (const session of this.#sessions) session.close();
  }

  async stop(): Promise<void> {
    this.#upstream.destroy();
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** No new connections, and an end to the present ones: what a restart of the API server looks like. */
  async down(ms: number): Promise<void> {
    const { port } = this.#server.address() as AddressInfo;
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
    await new Promise((resolve) => setTimeout(resolve, ms));
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  #handle(request: ProxyRequest, response: ProxyResponse): void {
    this.openRequests++;
    this.versions.add(request.httpVersion);
    response.once('close', () => this.openRequests--);
    const { method = '', url = '' } = request;
    const key = `${method} ${url}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    const fault = this.rule({ method, path: url, count });
    if (fault?.type === 'silence') return;
    if (fault?.type === 'answer') {
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      response.end(typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {}));
      return;
    }
    if (fault?.type === 'reset' && fault.afterwards !== true) return this.cut();
    this.#forward(request, response, fault?.type === 'reset');
  }

  #forward(request: ProxyRequest, response: ProxyResponse, thenReset: boolean): void {
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(
        ([name]) => !name.startsWith(':') && !['host', 'connection'].includes(name),
      ),
    );
    const { hostname, port } = this.#target;
    const upstream = https.request(
      { agent: this.#upstream, hostname, port, method: request.method, path: request.url, headers },
      (answer) => {
        if (thenReset) return this.cut();
        const { connection, 'transfer-encoding': encoding, ...rest } = answer.headers;
        void [connection, encoding];
        response.writeHead(answer.statusCode ?? 500, rest);
        answer.pipe(response as unknown as NodeJS.WritableStream);
      },
    );
    upstream.on('error', () => response.destroy());
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  }
}
