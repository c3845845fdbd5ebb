import type { KubeObject, ObjectRef } from '../kube/object.js';
import { withOwner, type Owner } from '../plan/ownership.js';
import type { KeyPairFiles } from './issue.js';

/** The keys under which the components look for each part in their Secret; those of `kubernetes.io/tls`, and the CA. */
export const SECRET_KEYS = { certificate: 'tls.crt', privateKey: 'tls.key', ca: 'ca.crt' } as const;

/** The Secret with a serving certificate, marked as the release's: so an uninstall takes it, and nobody else's. */
export function secretFor({ name, namespace }: ObjectRef, keyPair: KeyPairFiles, owner: Owner): KubeObject {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: namespace! } };
  return { ...withOwner(secret, owner), type: 'kubernetes.io/tls', data: secretData(keyPair) };
}

/** The content of the Secret, in base64. */
export function secretData(keyPair: KeyPairFiles): Record<string, string> {
  const parts = Object.entries(SECRET_KEYS) as [keyof KeyPairFiles, string][];
  return Object.fromEntries(parts.map(([part, key]) => [key, Buffer.from(keyPair[part]).toString('base64')]));
}

/** What a Secret holds; a part that is not there is empty. */
export function keyPairIn(secret: KubeObject): KeyPairFiles {
  const data = (secret['data'] ?? {}) as Record<string, string>;
  const read = (part: keyof KeyPairFiles): string => Buffer.from(data[SECRET_KEYS[part]] ?? '', 'base64').toString();
  return { certificate: read('certificate'), privateKey: read('privateKey'), ca: read('ca') };
}
