import { KthenaError } from '../errors.js';
import type { Emit } from '../events.js';
import type { KubeClient } from '../kube/client.js';
import { compareUninstallKinds, groupByKind } from '../kube/kind-order.js';
import { formatRef } from '../kube/object.js';
import type { Removal } from '../plan/removals.js';

/**
 * Deletes objects kind after kind in Helm's uninstall order, webhook configurations first: otherwise they would refuse
 * what follows once their pods are gone. The objects of one kind go in parallel; one that is gone already is no error.
 *
 * @throws KthenaError `failed` naming each object that could not be deleted, after every object was tried; `interrupted`
 */
export async function removeObjects(
  client: KubeClient,
  objects: readonly Removal[],
  context: { dryRun: boolean; signal: AbortSignal; emit: Emit },
): Promise<void> {
  const ordered = [...objects].sort((a, b) => compareUninstallKinds(a.ref.kind, b.ref.kind));
  const failures: string[] = [];
  for (const stage of groupByKind(ordered, ({ ref }) => ref.kind)) {
    if (context.signal.aborted) {
      throw new KthenaError('interrupted', 'stopped before all objects were deleted', {
        hint: 'Run the same command again to go on.',
      });
    }
    await Promise.all(
      stage.map(async ({ ref, uid }) => {
        try {
          const existed = await client.delete(ref, { propagation: 'Background', dryRun: context.dryRun, uid });
          if (!context.dryRun) context.emit({ type: 'deleted', ref, existed });
        } catch (error) {
          if (!(error instanceof KthenaError)) throw error;
          failures.push(`${formatRef(ref)}: ${error.message}`);
        }
      }),
    );
  }
  if (failures.length === 0) return;
  throw new KthenaError('failed', 'not everything could be deleted', {
    details: failures,
    hint: 'Once the cause is mended, run the same command again to go on.',
  });
}
