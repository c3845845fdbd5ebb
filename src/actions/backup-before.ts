import type { Bundle } from '../bundle/bundle.js';
import type { KubeObject } from '../kube/object.js';
import { backup, type BackupResult } from './backup.js';
import type { ActionContext } from './context.js';

export interface BackupBefore {
  /** The resources of their kinds are backed up. */
  crds: readonly KubeObject[];
  /** Undefined for the usual name in the current folder. */
  file: string | undefined;
  /** Also resources that controllers made for others: for what they will not make again. */
  children: boolean;
}

/**
 * The backup before something that loses resources.
 *
 * @returns the path of the backup
 * @throws KthenaError where it fails, so that nothing is lost after it
 */
export async function backUpBefore(
  bundle: Bundle,
  { crds, file, children }: BackupBefore,
  context: ActionContext,
): Promise<string> {
  const kinds = crds.map((crd) => crd.metadata.name);
  const request = { to: { file, replace: false }, kinds, namespaces: [], children };
  const result = await backup(bundle, request, context);
  for (const message of leftOutOf(result)) context.emit({ type: 'warning', message });
  return result.file!;
}

function leftOutOf({ leftOut: { children, terminating } }: BackupResult): string[] {
  return [
    ...(children === 0 ? [] : [`not in the backup: ${children} that controllers make again for their owners`]),
    ...(terminating === 0 ? [] : [`not in the backup: ${terminating} that were being deleted before`]),
  ];
}
