import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Connection } from './connection.js';
import { dial } from './dial.js';
import { decodeFrames, encodeFrame, OPCODE, type Frame } from './websocket-frames.js';

/** Kubernetes' way of putting several streams into one WebSocket: the first byte of a message is the number of its channel. */
const PROTOCOL = 'v4.channel.k8s.io';
const DATA = 0;
const ERROR = 1;
/** With which each channel begins: the port, again. */
const PREAMBLE_BYTES = 2;
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/**
 * A connection to a port of a pod, through the API server and the pod's kubelet, as `kubectl port-forward` makes one. It
 * is an error of the stream where nobody listens on the port.
 *
 * @param path of the pod's `portforward` subresource, below the server's URL
 * @throws Error where the API server or the kubelet does not go along; NetworkFailure or KthenaError where there is no answer
 */
export async function openPortForward(
  connection: Connection,
  { path, port, userAgent }: { path: string; port: number; userAgent: string },
  signal: AbortSignal,
): Promise<Duplex> {
  const { headers, ...certificate } = await connection.credentials(signal);
  const socket = await dial(connection, certificate, signal, ['http/1.1']);
  try {
    const { host, pathname } = new URL(connection.server);
    const target = `${pathname.replace(/\/$/, '')}${path}?ports=${port}`;
    const head = await upgrade(socket, target, { ...headers, host, 'user-agent': userAgent }, signal);
    return new PortStream(socket, head);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** @returns what has come behind the answer's head already */
function upgrade(
  socket: Socket,
  path: string,
  headers: http.OutgoingHttpHeaders,
  signal: AbortSignal,
): Promise<Buffer> {
  const asked = {
    ...headers,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
    'sec-websocket-protocol': PROTOCOL,
  };
  return new Promise((resolve, reject) => {
    http
      .request({ createConnection: () => socket, path, headers: asked, signal })
      .once('upgrade', (_answer, _socket, head) => resolve(head))
      .once('response', (answer) => {
        answer.destroy();
        reject(new Error(`${answer.statusCode} ${answer.statusMessage ?? ''}`.trim()));
      })
      .once('error', reject)
      .end();
  });
}

/** The data channel of the one port that is forwarded. */
class PortStream extends Duplex {
  readonly #socket: Socket;
  #unread: Buffer;
  #message: Buffer[] = [];
  #begun = new Set<number>();

  constructor(socket: Socket, head: Buffer) {
    super();
    this.#socket = socket;
    this.#unread = head;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.once('error', (error) => this.destroy(error));
    socket.once('close', () => this.push(null));
    if (head.length > 0) process.nextTick(() => this.#receive(Buffer.alloc(0)));
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(encodeFrame(OPCODE.binary, Buffer.concat([Buffer.from([DATA]), chunk])), done);
  }

  override _final(done: () => void): void {
    this.#socket.end(encodeFrame(OPCODE.close, Buffer.alloc(0)), done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  #receive(chunk: Buffer): void {
    try {
      const { frames, rest } = decodeFrames(Buffer.concat([this.#unread, chunk]), MAX_FRAME_BYTES);
      this.#unread = rest;
      for (const frame of frames) this.#take(frame);
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  #take({ opcode, final, payload }: Frame): void {
    if (opcode === OPCODE.ping) this.#socket.write(encodeFrame(OPCODE.pong, payload));
    if (opcode === OPCODE.close) this.#socket.end();
    if (opcode > OPCODE.binary) return;
    this.#message.push(payload);
    if (!final) return;
    const message = Buffer.concat(this.#message);
    this.#message = [];
    if (message.length > 0) this.#deliver(message[0]!, message.subarray(1));
  }

  #deliver(channel: number, content: Buffer): void {
    if (!this.#begun.has(channel)) {
      this.#begun.add(channel);
      content = content.subarray(PREAMBLE_BYTES);
    }
    if (content.length === 0) return;
    if (channel === ERROR) this.destroy(new Error(content.toString('utf8').trim()));
    else if (channel === DATA && !this.push(content)) this.#socket.pause();
  }
}
