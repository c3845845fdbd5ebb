import { KthenaError } from '../../errors.js';
import { isApiError } from '../../kube/api-error.js';
import type { KubeClient } from '../../kube/client.js';
import type { KubeObject } from '../../kube/object.js';
import { isNoAnswer } from '../unanswered.js';
import { readWebhookAnswer, type CallFailure } from '../webhook-answer.js';

/** What became of the request to create a resource. */
export type Outcome =
  | { type: 'admitted' }
  | { type: 'denied'; webhook: string; said: string }
  | { type: 'failed'; webhook: string; cause: CallFailure; said: string }
  /** Refused for something else, in most cases before any webhook was asked. */
  | { type: 'refused'; forbidden: boolean; said: string };

/**
 * A webhook may take 30 seconds. The API server, which stops waiting then, knows which one it was; so that it is given the time to say so.
 */
const TIMEOUT_MS = 45_000;

/**
 * Has the API server admit a new object, with all its webhooks, and not store it.
 *
 * @throws KthenaError where the API server itself does not answer
 */
export async function tryToCreate(client: KubeClient, object: KubeObject): Promise<Outcome> {
  try {
    // What the server remarks on the object would be news to nobody.
    const onWarning = (): void => undefined;
    await client.create(object, { fieldManager: 'kthena', dryRun: true, timeoutMs: TIMEOUT_MS, onWarning });
    return { type: 'admitted' };
  } catch (error) {
    // Whether the name is free is the last thing that is looked at.
    if (isApiError(error, 409, 'AlreadyExists')) return { type: 'admitted' };
    if (!(error instanceof KthenaError) || error.code === 'interrupted' || isNoAnswer(error)) throw error;
    return readRefusal(error);
  }
}

/** The outcome that an error stands for. Pure. */
export function readRefusal({ code, message, details }: KthenaError): Outcome {
  const answer = readWebhookAnswer(message);
  if (answer === undefined) {
    const said = [message.replace(/\.$/, ''), ...details].join('; ');
    return { type: 'refused', forbidden: code === 'forbidden', said };
  }
  const { webhook, outcome, said } = answer;
  return outcome === 'denied' ? { type: 'denied', webhook, said } : { type: 'failed', webhook, cause: outcome, said };
}
