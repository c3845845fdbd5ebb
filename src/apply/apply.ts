import type { Emit } from '../events.js';
import { KthenaError } from '../errors.js';
import type { KubeClient } from '../kube/client.js';
import { groupByKind } from '../kube/kind-order.js';
import { formatRef, refOf, type KubeObject } from '../kube/object.js';
import type { Change } from '../plan/plan.js';
import { takeOverInCluster } from './take-over.js';

export interface ApplyContext {
  fieldManager: string;
  signal: AbortSignal;
  emit: Emit;
}

/**
 * Makes the changes of a plan by server-side apply; deletions are not among them: kind after kind in the given order, the objects of one kind in parallel.
 * All requests of a kind are answered before it ends, so what was written is known.
 *
 * @returns what was written, as the server has it now; nothing of what did not change
 * @throws KthenaError `failed` naming each object that was refused and why; `interrupted` between two kinds
 */
export async function applyChanges(
  client: KubeClient,
  changes: readonly Change[],
  context: ApplyContext,
): Promise<KubeObject[]> {
  const applied: KubeObject[] = [];
  for (const stage of groupByKind(changes, (change) => change.object.kind)) {
    if (context.signal.aborted) throw new KthenaError('interrupted', 'stopped before all objects were applied');
    const results = await Promise.allSettled(stage.map((change) => applyChange(client, change, context)));
    const failures = results.flatMap((result, index) => {
      if (result.status === 'fulfilled') return [];
      return [{ ref: formatRef(refOf(stage[index]!.object)), error: result.reason as unknown }];
    });
    if (failures.length > 0) throw stageError(failures);
    applied.push(...results.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : [])));
  }
  return applied;
}

async function applyChange(
  client: KubeClient,
  change: Change,
  { fieldManager, emit }: ApplyContext,
): Promise<KubeObject | undefined> {
  const ref = refOf(change.object);
  if (change.action === 'unchanged') {
    emit({ type: 'applied', ref, change: 'unchanged' });
    return undefined;
  }
  const isChange = change.action === 'update' || change.action === 'adopt';
  if (isChange && change.takesOver.length > 0) await takeOverInCluster(client, ref, fieldManager);
  const overwrites = change.action === 'update' && (change.forced === true || change.conflicts.length > 0);
  const force = change.action === 'adopt' || overwrites;
  const applied = await client.apply(change.object, { fieldManager, force });
  emit({ type: 'applied', ref, change: change.action === 'create' ? 'created' : 'configured' });
  return applied;
}

function stageError(failures: readonly { ref: string; error: unknown }[]): KthenaError {
  const defect = failures.find(({ error }) => !(error instanceof KthenaError));
  if (defect !== undefined) throw defect.error;
  const errors = failures as { ref: string; error: KthenaError }[];
  const details = errors.flatMap(({ ref, error }) => [
    error.message.startsWith(ref) ? error.message : `${ref}: ${error.message}`,
    ...error.details,
  ]);
  const [first] = errors;
  return new KthenaError(
    'failed',
    `the API server did not take ${errors.length === 1 ? first!.ref : `${errors.length} objects`}`,
    {
      details,
      hint: first?.error.hint,
      cause: first?.error,
    },
  );
}
