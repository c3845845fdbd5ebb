import { applyChanges } from '../apply/apply.js';
import { createNamespace } from '../apply/namespace.js';
import { removeObjects } from '../apply/remove.js';
import { KthenaError } from '../errors.js';
import type { Deletion, Removal } from '../plan/removals.js';
import { refOf } from '../kube/object.js';
import type { Change } from '../plan/plan.js';
import type { Release } from '../release/release.js';
import type { ReleaseStore } from '../release/store.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { FIELD_MANAGER, type ActionContext } from './context.js';
import { applyUpgrades } from './crds-upgrade.js';
import type { DeploymentPlan } from './deployment.js';
import { checkStillOwner } from './deployable.js';
import { awaitReadiness } from './readiness.js';
import { beginRevision, endRevision, failRevision, type Beginning, type Operation } from './revision.js';

/** A revision that is to be made, with all that was found out and decided about it. */
export interface Work {
  operation: Operation;
  store: ReleaseStore;
  start: Beginning;
  draft: Release;
  plan: DeploymentPlan;
}

export interface DeployRequest {
  release: ReleaseIdentity;
  wait: boolean;
  timeoutMs: number;
  forceConflicts: boolean;
  /** Of the finished revision. */
  description: string;
  /** Called where the revision was begun and failed: takes back what was done, and gives the error to throw. */
  undo?: (error: unknown) => Promise<unknown>;
}

export interface Deployed {
  record: Release;
  /** What is not as one may expect, though everything is in place. */
  remarks: string[];
}

/** What a deployment creates besides its objects is tried too before the first write. */
export async function rehearse(
  { store, draft, plan }: Pick<Work, 'store' | 'draft' | 'plan'>,
  { client, emit }: Pick<ActionContext, 'client' | 'emit'>,
): Promise<void> {
  await Promise.all([
    store.rehearseCreate(draft),
    plan.found.namespace === undefined
      ? createNamespace(client, draft, { fieldManager: FIELD_MANAGER, dryRun: true, emit })
      : undefined,
  ]);
}

/**
 * The part that changes the cluster: record, CRDs, objects, removal of what is no longer wanted, wait, record. Whatever happens
 * in between, the same command run again goes on where this one ended.
 */
export async function deploy(work: Work, request: DeployRequest, context: ActionContext): Promise<Deployed> {
  const { store, start, draft, plan, operation } = work;
  const { client, signal, emit, now } = context;
  if (signal.aborted) throw new KthenaError('interrupted', 'stopped before anything was written');
  const { changes } = plan.found.objects;
  if (plan.found.namespace === undefined) {
    await createNamespace(client, request.release, { fieldManager: FIELD_MANAGER, dryRun: false, emit });
  }
  // While the record still names them: overwritten, nothing would know of what is left if this run is cut off too.
  if (start.kind === 'resume' && start.release.manifest !== draft.manifest) await prune(changes, context);
  const record = await beginRevision(store, draft, start);
  try {
    const remarks = await makeChanges(plan, request, context);
    return { record: await endRevision(store, record, request.description, now()), remarks };
  } catch (error) {
    const failure = await failRevision(store, record, operation, error, now());
    throw failure.overtaken || request.undo === undefined ? failure.error : await request.undo(failure.error);
  }
}

async function makeChanges(
  { found, upgrades }: DeploymentPlan,
  request: DeployRequest,
  context: ActionContext,
): Promise<string[]> {
  const { client, signal, emit } = context;
  const { release, forceConflicts, timeoutMs } = request;
  const { changes } = found.objects;
  const kept = changes.filter(({ action }) => action !== 'delete');
  await applyUpgrades(upgrades, { forceConflicts, timeoutMs }, context);
  // Seconds may have passed since the survey.
  await checkStillOwner(
    client,
    kept.filter(({ action }) => action !== 'adopt'),
    release,
  );
  await applyChanges(client, kept, { fieldManager: FIELD_MANAGER, signal, emit });
  await prune(changes, context);
  const remarks = request.wait ? await awaitReadiness(client, kept, timeoutMs, context) : [];
  await checkStillOwner(client, kept, release);
  return remarks;
}

async function prune(changes: readonly Change[], context: ActionContext): Promise<void> {
  const deletions = changes.filter((change): change is Deletion => change.action === 'delete');
  const removals = deletions.map(({ object, uid }): Removal => ({ ref: refOf(object), uid }));
  await removeObjects(context.client, removals, { ...context, dryRun: false });
}
