import { KthenaError } from '../errors.js';
import type { Answer, Channel, ChannelRequest } from './channel.js';
import { interruption } from './interruption.js';
import { isFinal, NetworkFailure } from './network-error.js';

/** An answer whose head is there and whose body is on its way. */
export interface Exchange {
  answer: Answer;
  /** What an error of the body's stream means: to be thrown in its place. */
  failure: (error: unknown) => unknown;
  /** For a body that is to go on for ever. */
  endDeadline: () => void;
  /** Gives the rest of the body up. */
  abort: () => void;
}

/**
 * One attempt at a request. The deadline is for everything, from opening the channel to the last byte of the body.
 * Throws NetworkFailure where there is no answer, and KthenaError where `signal` aborts.
 */
export async function exchange(
  openChannel: () => Promise<Channel>,
  request: ChannelRequest,
  deadlineMs: number,
  signal?: AbortSignal,
): Promise<Exchange> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let channel: Channel | undefined;
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    // A connection that brings nothing may be a dead one: others had better not wait for it too.
    channel?.retire();
    abort();
  }, deadlineMs);
  signal?.addEventListener('abort', abort, { once: true });
  const cleanUp = (): void => {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', abort);
  };
  const failure = (error: unknown): unknown => {
    if (signal?.aborted === true) return interruption(signal);
    if (late) return new NetworkFailure('timeout', error);
    if (error instanceof NetworkFailure || error instanceof KthenaError || error instanceof TypeError) return error;
    return new NetworkFailure(isFinal(error) ? 'final' : 'lost', error);
  };

  try {
    channel = await unlessAborted(openChannel(), controller.signal);
    const answer = await channel.send(request, controller.signal);
    answer.body.once('close', cleanUp);
    return { answer, failure, endDeadline: () => clearTimeout(deadline), abort };
  } catch (error) {
    cleanUp();
    throw failure(error);
  }
}

/** The whole body as text; throws as `exchange` does. */
export async function readText({ answer, failure }: Exchange): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of answer.body) chunks.push(chunk as Buffer);
  } catch (error) {
    throw failure(error);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The channel is opened for all requests at once: one that gives up leaves it to the others. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('gave up')), { once: true });
    work.then(resolve, reject);
  });
}
