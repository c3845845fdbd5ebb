import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect as dial } from 'node:net';
import { join } from 'node:path';

/** @typedef {(connection: import('node:net').Socket) => void} Accept */

/**
 * What the API server's connections into the cluster go through: calls of webhooks, and what it asks kubelets. They come as
 * CONNECT requests to a socket of this process (the API server's egress selector, made for clusters whose pods
 * it cannot reach by itself), which hands those to a pod's address to whoever stands in for the pod. That takes no network
 * namespace and no rights.
 */
export class PodNetwork {
  #folder;
  #server = createServer();
  /** By `address:port`. @type {Map<string, Accept>} */
  #listeners = new Map();
  /** @type {Set<import('node:net').Socket>} */
  #connections = new Set();

  /** @param {string} folder  of the control plane; what is made there goes with it */
  constructor(folder) {
    this.#folder = folder;
    this.#server.on('connect', (request, connection) => this.#connect(request.url ?? '', connection));
    this.#server.unref();
  }

  async open() {
    const socket = join(this.#folder, 'pods.sock');
    await new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(socket, () => resolve(undefined));
    });
    await writeFile(this.#config, selection(socket));
  }

  get #config() {
    return join(this.#folder, 'egress.json');
  }

  /** @returns {string[]} flags of the API server */
  get flags() {
    return [`--egress-selector-config-file=${this.#config}`];
  }

  /**
   * Stands in for what listens at a pod's address. The latest to do so gets the connections.
   *
   * @param {string} address
   * @param {number} port
   * @param {Accept} accept
   * @returns {() => void} ends it; connections that are open stay
   */
  listen(address, port, accept) {
    const key = `${address}:${port}`;
    this.#listeners.set(key, accept);
    return () => {
      if (this.#listeners.get(key) === accept) this.#listeners.delete(key);
    };
  }

  /**
   * @param {string} target  `address:port`
   * @param {import('node:stream').Duplex} connection
   */
  #connect(target, connection) {
    const socket = /** @type {import('node:net').Socket} */ (connection);
    this.#connections.add(socket);
    socket.once('close', () => this.#connections.delete(socket));
    socket.on('error', () => undefined); // the API server hung up
    const accept = this.#listeners.get(target);
    if (accept !== undefined) {
      socket.write(ESTABLISHED);
      accept(socket);
    } else if (target.startsWith('127.0.0.1:')) {
      forward(socket, Number(target.split(':')[1]));
    } else {
      socket.end(REFUSED);
    }
  }

  close() {
    this.#server.close();
    for (const connection of this.#connections) connection.destroy();
  }
}

const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n';
const REFUSED = 'HTTP/1.1 502 connection refused\r\n\r\n';

/**
 * What a test serves for the nodes is at this machine's own address.
 *
 * @param {import('node:net').Socket} socket
 * @param {number} port
 */
function forward(socket, port) {
  const target = dial(port, '127.0.0.1');
  let established = false;
  target.once('connect', () => {
    established = true;
    socket.write(ESTABLISHED);
    socket.pipe(target).pipe(socket);
  });
  target.on('error', () => (established ? socket.destroy() : socket.end(REFUSED)));
  socket.once('close', () => target.destroy());
}

/** @param {string} socket */
function selection(socket) {
  return JSON.stringify({
    apiVersion: 'apiserver.k8s.io/v1beta1',
    kind: 'EgressSelectorConfiguration',
    egressSelections: [
      {
        name: 'cluster',
        connection: { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName: socket } } },
      },
    ],
  });
}
