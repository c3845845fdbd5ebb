import { KthenaError } from '../errors.js';
import type { KubeObject } from '../kube/object.js';
import { parseObjects } from '../kube/objects-yaml.js';

/**
 * The objects of a recorded manifest, in its order: multi-document YAML as Helm or this tool prints it. Documents without content
 * are skipped and lists are taken apart; objects may lack `metadata.namespace` where it is that of the release.
 *
 * @throws KthenaError `cluster`, beginning with `where:line:column` or `where`, if it is not such YAML; it quotes nothing of the manifest
 */
export function objectsOf(manifest: string, where = 'manifest'): KubeObject[] {
  return parseObjects(manifest, (what, at) => unreadable(`${where}${at}`, what));
}

function unreadable(where: string, what: string): KthenaError {
  return new KthenaError('cluster', `${where}: the recorded manifest cannot be read: ${what}`, {
    hint: 'Restore the Secret of this release from a backup, or roll back to a revision whose record is whole.',
  });
}
