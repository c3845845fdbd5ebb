import type { KubeObject, ObjectRef } from '../kube/object.js';
import { withOwner, type Owner } from '../plan/ownership.js';
import type { KeyPairFiles } from './issue.js';

/** The Secret in the form that the components read, marked as the release's own. */
export function secretFor(
  { name, namespace }: ObjectRef,
  { certificate, privateKey, ca }: KeyPairFiles,
  owner: Owner,
): KubeObject {
  const object: KubeObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: namespace === undefined ? { name } : { name, namespace },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': base64(certificate), 'tls.key': base64(privateKey), 'ca.crt': base64(ca) },
  };
  return withOwner(object, owner);
}

/** What a Secret holds, as PEM; a key that is missing is empty. */
export function keyPairIn(secret: KubeObject): KeyPairFiles {
  const data = (secret['data'] ?? {}) as Record<string, string | undefined>;
  const text = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString('utf8');
  return { certificate: text('tls.crt'), privateKey: text('tls.key'), ca: text('ca.crt') };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
