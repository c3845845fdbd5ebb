import { KthenaError } from '../errors.js';
import { ApiError } from '../kube/api-error.js';

/**
 * What the API server's answer to a creation means: `refused` for what it will go on refusing as long as resource, schema and
 * webhooks stay as they are; `failed` for what has its cause elsewhere, such as a missing right; `webhook` for a webhook that
 * does not answer, with which nothing can be created at all; `passing` for what may be gone in a moment.
 */
export type Refusal = 'refused' | 'failed' | 'webhook' | 'passing';

export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof KthenaError)) return undefined;
  if (!(error instanceof ApiError)) return error.code === 'unreachable' ? 'passing' : undefined;
  const { status } = error;
  if (status >= 500 && error.message.includes('failed calling webhook')) return 'webhook';
  // A webhook chooses the status of its denial; that of a policy is 422.
  if (/denied (?:the )?request/.test(error.message)) return 'refused';
  if (status === 400 || status === 413 || status === 422) return 'refused';
  if (status >= 500 || status === 429) return 'passing';
  return status === 401 ? undefined : 'failed';
}

/** Why, in one line, without the resource's name. */
export function reasonOf(error: KthenaError, name: string): string {
  const lines = error.details.length > 0 ? error.details : [error.message];
  return lines.map((line) => line.replace(`${name}: `, '').trim()).join('; ');
}
