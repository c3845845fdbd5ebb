import { fromCaBundle, sameCertificates, toCaBundle } from '../certs/bundle.js';
import type { TlsFiles } from '../certs/tls-files.js';
import { KthenaError } from '../errors.js';
import { mergeUserValues } from '../values/merge.js';
import type { UserValues } from '../values/read.js';
import { formatPath, valueAt, type ValuePath, type Values } from '../values/value.js';

const MODE: ValuePath = ['global', 'certManagementMode'];
const CA_BUNDLE: ValuePath = ['global', 'webhook', 'caBundle'];

/**
 * The values with what follows from certificate files: mode `manual`, and the CA that the webhooks trust. What the user
 * set earlier gives way; what is set beside the files must agree with them.
 *
 * @param given set by this command line
 * @param earlier set before, still the user's
 * @throws KthenaError `values` where a value of this command line says otherwise
 */
export function withTlsFiles(given: UserValues, { ca, flag }: TlsFiles, earlier: UserValues | undefined): UserValues {
  const mode = valueAt(given.values, MODE) ?? undefined;
  if (mode !== undefined && mode !== 'manual') throw contrary(given, MODE, `is ${JSON.stringify(mode)}`, flag);
  const caBundle = valueAt(given.values, CA_BUNDLE) ?? '';
  if (caBundle !== '' && !(typeof caBundle === 'string' && sameCertificates(fromCaBundle(caBundle), ca))) {
    throw contrary(given, CA_BUNDLE, 'holds other certificates', flag);
  }
  const before = mode ?? (earlier === undefined ? undefined : valueAt(earlier.values, MODE));
  const derived: Values = { global: { certManagementMode: 'manual', webhook: { caBundle: toCaBundle(ca) } } };
  return {
    values: mergeUserValues(given.values, derived),
    warnings: before === 'manual' ? given.warnings : [...given.warnings, `${flag}: ${BECOMES}`],
    placeOf: (path) => given.placeOf(path) ?? (valueAt(derived, path) === undefined ? undefined : flag),
  };
}

const BECOMES = 'global.certManagementMode becomes manual, since the certificates are given as files';

function contrary(given: UserValues, path: ValuePath, is: string, flag: string): KthenaError {
  return new KthenaError(
    'values',
    `${given.placeOf(path)}: ${formatPath(path)} ${is}, which does not go with ${flag}`,
    {
      hint: `Leave ${formatPath(path)} out: it follows from the certificate files.`,
    },
  );
}
