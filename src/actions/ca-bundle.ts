import { KthenaError } from '../errors.js';
import { caBundleProblem } from '../values/ca-bundle.js';
import { valueAt } from '../values/value.js';
import type { Prepared } from './prepare.js';

const PATH = ['global', 'webhook', 'caBundle'];

/**
 * In certificate mode `manual` the CA bundle goes into every webhook as it is; one that holds no certificate would make
 * the API server refuse every Kthena resource. Rendering takes any base64, so that templates need no real certificate.
 *
 * @throws KthenaError `values`
 */
export function checkCaBundle({ values, user }: Pick<Prepared, 'values' | 'user'>): void {
  const bundle = valueAt(values, PATH);
  if (valueAt(values, ['global', 'certManagementMode']) !== 'manual' || typeof bundle !== 'string' || bundle === '')
    return;
  const problem = caBundleProblem(bundle);
  if (problem === undefined) return;
  const place = user.placeOf(PATH);
  throw new KthenaError('values', `${place === undefined ? '' : `${place}: `}global.webhook.caBundle ${problem}`, {
    hint: 'It is the base64 of a PEM file with the CA certificate: base64 -w0 ca.crt',
  });
}
