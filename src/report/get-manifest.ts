import { documentsOf, type ManifestDocument } from '../release/manifest-documents.js';
import type { Release } from '../release/release.js';
import { toYaml } from '../render/print.js';
import { withoutSecret } from './secret.js';

/** The objects that a revision asked for, as they were recorded; only Secrets are printed anew, their content masked. */
export function presentManifest({ manifest }: Release): string {
  const text = documentsOf(manifest).map(withoutSecrets).join('');
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function withoutSecrets({ text, objects }: ManifestDocument): string {
  if (!objects.some(({ kind }) => kind === 'Secret')) return text;
  // A list is taken apart. Other comments are not kept: they may quote the content.
  const source = /^---\s*(# Source: .*\n)/.exec(text)?.[1] ?? '';
  return objects.map((object) => `---\n${source}${toYaml(withoutSecret(object))}`).join('');
}
