import type { RenewedCertificate } from '../actions/certs-renew.js';
import { formatRef } from '../kube/object.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { formatStructured, type StructuredFormat } from './structured.js';

export function presentCertsRenew(
  release: ReleaseIdentity,
  renewed: readonly RenewedCertificate[],
  format: 'text' | StructuredFormat,
): string {
  if (format !== 'text') {
    const certificates = renewed.map(({ secret, names, restarted }) => ({
      secret,
      names,
      restarted: restarted ?? null,
    }));
    return formatStructured({ ...release, certificates }, format);
  }
  const lines = renewed.map(({ secret, names, restarted }) => {
    const pods = restarted === undefined ? 'no pods to restart' : `${formatRef(restarted)} restarted`;
    return `  ${formatRef(secret)}: ${names.join(', ')}; ${pods}\n`;
  });
  return `Renewed the webhook certificates of release ${release.name} in namespace ${release.namespace}:\n${lines.join('')}`;
}
