import { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { connect, type DetailedPeerCertificate } from 'node:tls';
import type { KubeClient } from '../kube/client.js';
import { interruption } from '../kube/interruption.js';
import type { ObjectRef } from '../kube/object.js';
import { withTimeLimit } from '../kube/time-limit.js';

/** A look that takes longer is not worth waiting for. */
const TIMEOUT_MS = 3_000;

/**
 * The certificate that a pod serves at this moment, with its intermediates, as PEM; asked for by a TLS handshake through the
 * API server, which proves nothing about who answers, and is broken off after it.
 *
 * @returns undefined where the pod cannot be reached this way: for want of the right, of a kubelet that forwards, of time
 */
export async function servedCertificate(
  client: KubeClient,
  pod: ObjectRef,
  { port, name }: { port: number; name: string | undefined },
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await withTimeLimit(TIMEOUT_MS, (ended) => look(client, pod, { port, name }, ended), signal);
  } catch {
    if (signal.aborted) throw interruption(signal);
    return undefined;
  }
}

async function look(
  client: KubeClient,
  pod: ObjectRef,
  { port, name }: { port: number; name: string | undefined },
  signal: AbortSignal,
): Promise<string> {
  const stream = await client.forward(pod, port, signal);
  try {
    return await handshake(stream, name, signal);
  } finally {
    stream.destroy();
  }
}

function handshake(stream: Duplex, name: string | undefined, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new Error('no TLS handshake'));
    signal.addEventListener('abort', fail, { once: true });
    stream.once('close', fail);
    // It is only looked at: whether it is to be trusted is judged with the caBundles, and nothing is sent.
    const socket = connect(
      { socket: stream, rejectUnauthorized: false, ...(name === undefined ? {} : { servername: name }) },
      () => {
        resolve(chainOf(socket.getPeerCertificate(true)));
        socket.destroy();
      },
    );
    socket.on('error', reject);
  });
}

/** From the server's own upwards; a self-signed one is its own issuer. */
function chainOf(certificate: DetailedPeerCertificate): string {
  const chain: Buffer[] = [];
  for (let next: DetailedPeerCertificate | undefined = certificate; next?.raw !== undefined;) {
    const { raw, issuerCertificate } = next as DetailedPeerCertificate;
    if (chain.some((other) => other.equals(raw))) break;
    chain.push(raw);
    next = issuerCertificate;
  }
  return chain.map((raw) => new X509Certificate(raw).toString()).join('');
}
