import type { Channel } from './channel.js';
import type { Connection, Credentials } from './connection.js';
import { dial } from './dial.js';
import { openHttp1Channel } from './http1-channel.js';
import { NetworkFailure } from './network-error.js';

type Certificate = Pick<Credentials, 'cert' | 'key'>;

/** TCP, proxy and TLS together may take this long. */
const DIAL_TIMEOUT_MS = 15_000;

/** The channel to one server, opened when first needed and again when it has ended or the client certificate has changed. */
export class Channels {
  readonly #connection: Connection;
  readonly #closing = new AbortController();
  readonly #opened = new Set<Channel>();
  #current: { certificate: Certificate; channel: Promise<Channel>; opened?: Channel } | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Parallel calls share a channel. Throws NetworkFailure or KthenaError where there is no way to the server. */
  open(certificate: Certificate): Promise<Channel> {
    const current = this.#current;
    if (current !== undefined && isSame(current.certificate, certificate) && current.opened?.usable !== false) {
      return current.channel;
    }
    const mine: typeof current = {
      certificate,
      channel: openChannel(this.#connection, certificate, this.#closing.signal),
    };
    this.#current = mine;
    mine.channel.then(
      (channel) => {
        mine.opened = channel;
        this.#opened.add(channel);
        // Nobody would end a channel that came after `destroy`.
        if (this.#closing.signal.aborted) channel.destroy();
      },
      () => {
        // Whoever waits for it hears of the failure; the next request tries again.
        if (this.#current === mine) this.#current = undefined;
      },
    );
    return mine.channel;
  }

  /** Ends all connections, also those being opened. */
  destroy(): void {
    this.#closing.abort();
    for (const channel of this.#opened) channel.destroy();
  }
}

async function openChannel(connection: Connection, certificate: Certificate, closing: AbortSignal): Promise<Channel> {
  const { host } = new URL(connection.server);
  if (connection.server.startsWith('http:')) {
    return openHttp1Channel(host, () => dialInTime(connection, certificate, closing));
  }
  const socket = await dialInTime(connection, certificate, closing);
  if ('alpnProtocol' in socket && socket.alpnProtocol === 'h2') {
    const { openHttp2Channel } = await import('./http2-channel.js');
    return openHttp2Channel(connection.server, socket);
  }
  let spare: typeof socket | undefined = socket;
  return openHttp1Channel(host, async () => {
    const first = spare;
    spare = undefined;
    return first ?? dialInTime(connection, certificate, closing);
  });
}

async function dialInTime(
  connection: Connection,
  certificate: Certificate,
  closing: AbortSignal,
): ReturnType<typeof dial> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), DIAL_TIMEOUT_MS);
  try {
    return await dial(connection, certificate, AbortSignal.any([closing, late.signal]));
  } catch (error) {
    if (late.signal.aborted) throw new NetworkFailure('timeout', error);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function isSame(a: Certificate, b: Certificate): boolean {
  return String(a.cert ?? '') === String(b.cert ?? '') && String(a.key ?? '') === String(b.key ?? '');
}
