import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import type { Connection } from '../../../src/kube/connection.js';
import {
  HttpTransport,
  type ApiRequest,
  type RequestTrace,
  type TransportOptions,
} from '../../../src/kube/transport.js';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse, count: number) => void;

const GET: ApiRequest = {
  method: 'GET',
  path: '/api/v1/pods?limit=1',
  idempotent: true,
  verb: 'list',
  subject: 'Pod list',
};
const POST: ApiRequest = { ...GET, method: 'POST', body: { a: 1 }, idempotent: false, verb: 'create' };

let cleanUp: (() => void)[] = [];

afterEach(() => {
  cleanUp.forEach((step) => step());
  cleanUp = [];
});

/** A transport to a server that behaves as `handler` says; its waits take no time and are noted in `waits`. */
async function start(handler: Handler, options: Partial<TransportOptions> = {}, login: Partial<Connection> = {}) {
  let count = 0;
  const server = http.createServer((request, response) => handler(request, response, ++count));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const waits: number[] = [];
  const traces: RequestTrace[] = [];
  const transport = new HttpTransport(connectionTo(url, login), {
    userAgent: 'kthena/test',
    sleep: (ms) => Promise.resolve(waits.push(ms)),
    random: () => 1,
    onRequest: (trace) => traces.push(trace),
    ...options,
  });
  cleanUp.push(
    () => transport.close(),
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return { transport, server, url, waits, traces, requests: () => count };
}

function connectionTo(server: string, login: Partial<Connection> = {}): Connection {
  return {
    server,
    context: 'test',
    user: 'ann',
    namespace: 'default',
    tls: {},
    proxy: undefined,
    credentials: () => Promise.resolve({ headers: { authorization: 'Bearer hunter2' } }),
    renewCredentials: () => false,
    ...login,
  };
}

const ok = (response: http.ServerResponse, value: unknown = { done: true }): void => {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
};

function refuse(response: http.ServerResponse, status: number, headers: http.OutgoingHttpHeaders = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ kind: 'Status', message: `status ${status}`, code: status }));
}

async function failureOf(work: Promise<unknown>): Promise<KthenaError> {
  const error = await work.then(
    () => expect.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(KthenaError);
  return error as KthenaError;
}

describe('a request', () => {
  it('carries login, user agent and body, and brings JSON', async () => {
    let seen: http.IncomingMessage | undefined;
    let body = '';
    const { transport } = await start((request, response) => {
      seen = request;
      request
        .on('data', (data: Buffer) => (body += data.toString()))
        .on('end', () => ok(response, { big: 'ü'.repeat(100_000) }));
    });
    const answer = await transport.json({ ...POST, body: { text: 'ä' }, contentType: 'application/apply-patch+yaml' });
    expect(answer).toEqual({ big: 'ü'.repeat(100_000) });
    expect(body).toBe('{"text":"ä"}');
    expect(seen?.headers).toMatchObject({
      authorization: 'Bearer hunter2',
      'user-agent': 'kthena/test',
      'content-type': 'application/apply-patch+yaml',
      'content-length': '13',
      accept: 'application/json',
    });
  });

  it('is sent below the path of the server', async () => {
    const paths: (string | undefined)[] = [];
    const { url } = await start((request, response) => {
      paths.push(request.url);
      ok(response);
    });
    const transport = new HttpTransport(connectionTo(`${url}/k8s/clusters/c-1`), { userAgent: 'x' });
    cleanUp.push(() => transport.close());
    await transport.json(GET);
    expect(paths).toEqual([`/k8s/clusters/c-1${GET.path}`]);
  });

  it('uses its connection again', async () => {
    const { transport, server } = await start((_request, response) => ok(response));
    let connections = 0;
    server.on('connection', () => connections++);
    for (let i = 0; i < 3; i++) await transport.json(GET);
    expect(connections).toBe(1);
  });

  it('is traced without secrets', async () => {
    const { transport, traces } = await start((_request, response, count) =>
      count === 1 ? refuse(response, 503) : ok(response),
    );
    await transport.json(GET);
    expect(traces).toMatchObject([
      { method: 'GET', path: GET.path, status: 503, attempt: 1 },
      { method: 'GET', path: GET.path, status: 200, attempt: 2 },
    ]);
    expect(JSON.stringify(traces)).not.toContain('hunter2');
  });
});

describe('a server that is busy', () => {
  it('is asked again after the time it names', async () => {
    const { transport, waits } = await start((_request, response, count) =>
      count < 3 ? refuse(response, 429, { 'retry-after': '2' }) : ok(response),
    );
    expect(await transport.json(POST)).toEqual({ done: true });
    expect(waits).toEqual([2000, 2000]);
  });

  it('is given up after some attempts, with its own words', async () => {
    const { transport, requests } = await start((_request, response) => refuse(response, 503));
    const error = await failureOf(transport.json(GET));
    expect(error).toMatchObject({ code: 'cluster', status: 503 });
    expect(error.message).toContain('status 503');
    expect(requests()).toBe(6);
  });

  it('is not asked twice to create something it may have created', async () => {
    const { transport, requests } = await start((_request, response) => refuse(response, 504));
    await failureOf(transport.json(POST));
    expect(requests()).toBe(1);
  });
});

describe('a connection that breaks', () => {
  it('is opened again for what may be done twice', async () => {
    const { transport } = await start((request, response, count) =>
      count === 1 ? request.socket.destroy() : ok(response),
    );
    expect(await transport.json(GET)).toEqual({ done: true });
  });

  it('in the middle of an answer counts as none', async () => {
    const { transport } = await start((_request, response, count) => {
      if (count > 1) return ok(response);
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"a":');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await transport.json(GET)).toEqual({ done: true });
  });

  it('ends a create, which may have been done', async () => {
    const { transport, requests } = await start((request) => void request.socket.destroy());
    const error = await failureOf(transport.json(POST));
    expect(error.code).toBe('unreachable');
    expect(error.hint).toContain('may have been done');
    expect(requests()).toBe(1);
  });

  it('while it was idle is not used again', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const { transport, requests } = await start((request, response, count) => {
      ok(response);
      const { socket } = request;
      if (count === 1) closed = new Promise((resolve) => socket.once('close', resolve));
      if (count === 1) response.once('finish', () => socket.destroySoon());
    });
    await transport.json(GET);
    await closed;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await transport.json(POST)).toEqual({ done: true });
    expect(requests()).toBe(2);
  });
});

describe('a server that does not answer', () => {
  it('is given up at the deadline', async () => {
    const { transport } = await start(() => undefined, { timeoutMs: 100 });
    const error = await failureOf(transport.json(POST));
    expect(error).toMatchObject({ code: 'unreachable', message: expect.stringContaining('within 0.1 s') });
  });

  it('is given up at the deadline also in the middle of its answer', async () => {
    const { transport } = await start((_request, response) => void response.writeHead(200).write('{'), {
      timeoutMs: 100,
    });
    expect((await failureOf(transport.json(POST))).message).toContain('within 0.1 s');
  });

  it('is not there at all: told after a second look, with its address', async () => {
    const { server, url, waits } = await start(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    const transport = new HttpTransport(connectionTo(url), {
      userAgent: 'x',
      sleep: (ms) => Promise.resolve(waits.push(ms)),
      random: () => 1,
    });
    const error = await failureOf(transport.json(POST));
    expect(error.code).toBe('unreachable');
    expect(error.message).toContain(url);
    expect(error.message).toContain('refuses connections');
    expect(waits).toHaveLength(1);
  });
});

describe('something other than the API server', () => {
  it('answers with a page', async () => {
    const { transport } = await start((_request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8').end('<html><body>Please log in</body></html>');
    });
    const error = await failureOf(transport.json(GET));
    expect(error.message).toContain('text/html');
    expect(error.message).toContain('Please log in');
    expect(error.hint).toContain('proxy');
  });

  it('answers with a redirect, of which the query may be a secret', async () => {
    const { transport, requests } = await start((_request, response) =>
      response.writeHead(302, { location: 'https://login.example/auth?state=hunter2' }).end(),
    );
    const error = await failureOf(transport.json(GET));
    expect(error.message).toContain('https://login.example/auth');
    expect(error.message).not.toContain('hunter2');
    expect(requests()).toBe(1);
  });
});

describe('a login that has expired', () => {
  const renewing = (): Partial<Connection> => {
    let token = 'old';
    return {
      credentials: () => Promise.resolve({ headers: { authorization: `Bearer ${token}` } }),
      renewCredentials: () => {
        token = 'new';
        return true;
      },
    };
  };

  it('is renewed once', async () => {
    const { transport } = await start(
      (request, response) => (request.headers.authorization === 'Bearer new' ? ok(response) : refuse(response, 401)),
      {},
      renewing(),
    );
    expect(await transport.json(POST)).toEqual({ done: true });
  });

  it('is told where that does not help', async () => {
    const { transport, requests } = await start((_request, response) => refuse(response, 401), {}, renewing());
    expect(await failureOf(transport.json(GET))).toMatchObject({ code: 'unauthorized', status: 401 });
    expect(requests()).toBe(2);
  });
});

describe('an abort', () => {
  it('ends a request under way, and later ones, with its reason', async () => {
    const controller = new AbortController();
    const { transport, requests } = await start(() => undefined, { signal: controller.signal });
    const running = failureOf(transport.json(GET));
    setTimeout(() => controller.abort(new KthenaError('timeout', 'the wait is over')), 50);
    expect(await running).toMatchObject({ code: 'timeout', message: 'the wait is over' });
    expect(await failureOf(transport.json(GET))).toMatchObject({ code: 'timeout' });
    expect(requests()).toBe(1);
  });

  it('ends the pause before another attempt', async () => {
    const controller = new AbortController();
    const { url } = await start((_request, response) => refuse(response, 429, { 'retry-after': '15' }));
    const transport = new HttpTransport(connectionTo(url), { userAgent: 'x', signal: controller.signal });
    cleanUp.push(() => transport.close());
    setTimeout(() => controller.abort(), 100);
    expect(await failureOf(transport.json(GET))).toMatchObject({ code: 'interrupted' });
  });
});

describe('warnings of the server', () => {
  it('are told once each', async () => {
    const told: string[][] = [];
    const { transport } = await start(
      (_request, response, count) => {
        response.setHeader('warning', ['299 - "deprecated"', `299 - "number ${count}"`]);
        ok(response);
      },
      { onWarning: (text, subject) => told.push([text, subject]) },
    );
    await transport.json(GET);
    await transport.json(GET);
    expect(told).toEqual([
      ['deprecated', 'Pod list'],
      ['number 1', 'Pod list'],
      ['number 2', 'Pod list'],
    ]);
  });
});
