import { authority, days, serving } from '../../unit/certs/authority.js';

/** PEM texts, as somebody makes them who knows nothing of this program. */
export interface KeyPair {
  certificate: string;
  privateKey: string;
  ca: string;
}

/** A certificate that signed itself, as cert-manager's selfSigned issuer makes it: it is its own CA. */
export async function selfSigned(names: readonly string[]): Promise<KeyPair> {
  const { certificate, privateKey } = await serving({ names: [...names], ...validity() });
  return { certificate, privateKey, ca: certificate };
}

/** A CA, and a certificate for a server that it signed. */
export async function signedByCa(names: readonly string[]): Promise<KeyPair> {
  const ca = await authority(validity());
  const { certificate, privateKey } = await serving({ names: [...names], ...validity() }, ca);
  return { certificate, privateKey, ca: ca.certificate };
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = new Date();
  return { notBefore: days(-1, now), notAfter: days(90, now) };
}
