import { KthenaError } from '../errors.js';
import type { Answer } from './channel.js';
import { parseRetryAfter, type Outcome } from './retry.js';
import { firstLine, parseStatus, statusError, type Caller, type RequestSubject } from './status-error.js';

/** What was asked and of whom, for messages. */
export interface Question extends RequestSubject {
  path: string;
  caller: Caller;
}

const NOT_THE_API = 'Is this the address of the API server? A proxy or a login page may stand before it.';

/** The JSON of a successful answer's text. Throws KthenaError `cluster` for a page of a proxy or a login in its place. */
export function parseAnswer({ headers }: Answer, text: string, { path, caller }: Question): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const type = headers['content-type']?.split(';')[0] ?? 'something';
    const said = firstLine(text);
    const message = `${caller.server} answered ${path} with ${type} where JSON belongs${said === '' ? '' : `: ${said}`}`;
    throw new KthenaError('cluster', message, { cause, hint: NOT_THE_API });
  }
}

/** What an answer other than a success means: for the retry policy, and for the user if it stays so. */
export function interpretRefusal(
  { status, headers }: Answer,
  text: string,
  question: Question,
): { outcome: Outcome; error: Error } {
  const { caller, path } = question;
  if (status < 400) {
    const target = headers.location === undefined ? '' : ` to ${withoutQuery(headers.location)}`;
    const message = `${caller.server} answered ${path} with a redirect (${status})${target}.`;
    return {
      outcome: { type: 'failure', kind: 'final' },
      error: new KthenaError('cluster', message, { hint: NOT_THE_API }),
    };
  }
  const { reason, details } = parseStatus(text);
  const retryAfterSeconds = parseRetryAfter(headers['retry-after'], Date.now()) ?? details?.retryAfterSeconds;
  return {
    outcome: { type: 'answer', status, reason, retryAfterSeconds },
    error: statusError(status, text, question, caller),
  };
}

/** Login redirects carry tokens in their query. */
function withoutQuery(location: string): string {
  return location.replace(/[?#].*$/, '');
}
