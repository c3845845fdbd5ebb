import { KthenaError } from '../errors.js';

const LIST = 'kthena list -A shows the releases of all namespaces.';

/**
 * The error for a release of which there is no record.
 *
 * @param hint what else the user may have meant, as a sentence
 */
export function releaseNotFound({ name, namespace }: { name: string; namespace: string }, hint?: string): KthenaError {
  return new KthenaError('not-found', `release ${name} not found in namespace ${namespace}`, {
    hint: hint === undefined ? LIST : `${hint} ${LIST}`,
  });
}
