import type { KubeObject } from '../kube/object.js';
import { objectsOf } from './manifest.js';

/** A document of a manifest, as it is written and as what it means. */
export interface ManifestDocument {
  /** From its `---`, where it has one, to the next. */
  text: string;
  /** Several for a list, none for a comment alone. */
  objects: KubeObject[];
}

/**
 * The documents of a recorded manifest. Put together again, their texts are the manifest.
 *
 * @throws KthenaError `cluster` where one is no YAML of objects; it quotes nothing of the manifest
 */
export function documentsOf(manifest: string): ManifestDocument[] {
  // YAML has `---` at the beginning of a line for nothing else, not even inside a text of several lines.
  const texts = manifest.split(/(?<![^\n])(?=---(?:\s|$))/).filter((text) => text !== '');
  return texts.map((text, index) => ({ text, objects: objectsOf(text, `manifest, document ${index + 1}`) }));
}
