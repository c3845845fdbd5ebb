import { KthenaError } from '../errors.js';
import type { Finding } from './check.js';

/** The API server did not answer, or does not accept the credentials: whatever is asked ends so. */
export function isNoAnswer(error: unknown): error is KthenaError {
  return error instanceof KthenaError && (error.code === 'unreachable' || error.code === 'unauthorized');
}

/**
 * The finding for what may not be looked at, or what the server fails to answer: it need not be wrong.
 *
 * @throws the error itself, where it is no answer of the server to this question
 */
export function refusedFinding(error: unknown): Finding {
  if (!(error instanceof KthenaError) || error.code === 'interrupted') throw error;
  return {
    severity: 'warning',
    seen: `this could not be looked at: ${error.message.replace(/\.$/, '')}`,
    hint: error.hint ?? 'Run the check again as somebody who may read it.',
  };
}

/** The findings of one part of a check; a part that may not be looked at does not take the others along. */
export async function partOf(look: Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look;
  } catch (error) {
    if (isNoAnswer(error)) throw error;
    return [refusedFinding(error)];
  }
}
