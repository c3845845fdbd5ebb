import type { KubeObject } from '../kube/object.js';
import { LAST_APPLIED } from '../plan/take-over.js';

const MASK = '***';

/** Output is read by many: a Secret is shown with its keys alone, and so is the copy of it that `kubectl apply` leaves on it. */
export function withoutSecret(object: KubeObject): KubeObject {
  if (object.kind !== 'Secret') return object;
  const copy = structuredClone(object);
  for (const field of ['data', 'stringData']) if (copy[field] !== undefined) copy[field] = maskedContent(copy[field]);
  const { annotations } = copy.metadata;
  if (annotations?.[LAST_APPLIED] !== undefined) annotations[LAST_APPLIED] = MASK;
  return copy;
}

function maskedContent(content: unknown): unknown {
  if (typeof content !== 'object' || content === null) return content === null ? null : MASK;
  return Object.fromEntries(Object.keys(content).map((key) => [key, MASK]));
}
