import type { KubeObject } from '../kube/object.js';
import { documentsOf, type ManifestDocument } from '../release/manifest-documents.js';
import type { Release } from '../release/release.js';
import { toYaml } from '../render/print.js';

const MASK = '***';
/** What `kubectl apply` leaves on an object: all of it once more. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** The objects that a revision asked for, as they were recorded; only Secrets are printed anew, their content masked. */
export function presentManifest({ manifest }: Release): string {
  const text = documentsOf(manifest).map(withoutSecrets).join('');
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function withoutSecrets({ text, objects }: ManifestDocument): string {
  if (!objects.some(({ kind }) => kind === 'Secret')) return text;
  // A list is taken apart. Other comments are not kept: they may quote the content.
  const source = /^---\s*(# Source: .*\n)/.exec(text)?.[1] ?? '';
  return objects.map((object) => `---\n${source}${toYaml(masked(object))}`).join('');
}

function masked(object: KubeObject): KubeObject {
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
