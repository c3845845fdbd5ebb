import type { Channel } from './channel.js';
import type { Connection, Credentials } from './connection.js';
import { dial } from './dial.js';
import { openHttp1Channel } from './http1-channel.js';
import { NetworkFailure } from './network-error.js';

type Certificate = Pick<Credentials, 'cert' | 'key'>;

/** The channel to one server, opened when first needed and again when it has ended or the client certificate has changed. */
export interface Channels {
  /** Throws NetworkFailure or KthenaError where there is no way to the server. */
  open(certificate: Certificate): Promise<Channel>;
  destroy(): void;
}

/** TCP, proxy and TLS together may take this long. */
const DIAL_TIMEOUT_MS = 15_000;

export function createChannels(connection: Connection): Channels {
  const closing = new AbortController();
  const opened = new Set<Channel>();
  let current: { certificate: Certificate; channel: Promise<Channel>; opened?: Channel } | undefined;

  async function open(mine: NonNullable<typeof current>): Promise<void> {
    try {
      mine.opened = await mine.channel;
      opened.add(mine.opened);
    } catch {
      // Whoever waits for the channel hears of it; the next one tries again.
      if (current === mine) current = undefined;
    }
  }

  return {
    open: (certificate) => {
      if (current === undefined || !isSame(current.certificate, certificate) || current.opened?.usable === false) {
        if (current?.opened?.usable === false) opened.delete(current.opened);
        current = { certificate, channel: openChannel(connection, certificate, closing.signal) };
        void open(current);
      }
      return current.channel;
    },
    destroy: () => {
      closing.abort();
      current?.channel.then((channel) => channel.destroy()).catch(() => undefined);
      for (const channel of opened) channel.destroy();
    },
  };
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
