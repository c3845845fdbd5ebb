import type { Bundle } from '../bundle/bundle.js';
import type { KubeObject } from '../kube/object.js';
import { backup } from './backup.js';
import type { ActionContext } from './context.js';

/**
 * The backup before something that loses resources: all of the kinds of these CRDs, but those that controllers make again.
 *
 * @param file undefined for the usual name in the current folder
 * @returns the path of the backup
 * @throws KthenaError where it fails, so that nothing is lost after it
 */
export async function backUpBefore(
  bundle: Bundle,
  crds: readonly KubeObject[],
  file: string | undefined,
  context: ActionContext,
): Promise<string> {
  const kinds = crds.map((crd) => crd.metadata.name);
  const request = { to: { file, replace: false }, kinds, namespaces: [], children: false };
  const result = await backup(bundle, request, context);
  return result.file!;
}
