import { applyChanges } from '../apply/apply.js';
import { createNamespace } from '../apply/namespace.js';
import { injectedWebhooks, type InjectedWebhooks } from '../certs/injection.js';
import { CertificateRollout } from '../certs/rollout.js';
import { removeObjects } from '../apply/remove.js';
import { KthenaError } from '../errors.js';
import { rehearseLock } from '../lock/lock.js';
import type { KubeObject } from '../kube/object.js';
import { removalOf } from '../plan/removals.js';
import type { Change } from '../plan/plan.js';
import type { Release } from '../release/release.js';
import type { ReleaseStore } from '../release/store.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { FIELD_MANAGER, type ActionContext } from './context.js';
import { applyUpgrades } from './crds-upgrade.js';
import type { DeploymentPlan } from './deployment.js';
import { checkStillOwner } from './deployable.js';
import { settleInjection } from './injection.js';
import { withLock } from './lock.js';
import { awaitReadiness } from './readiness.js';
import { beginRevision, endRevision, failRevision, type Beginning, type Operation } from './revision.js';
import { tidy } from './settle.js';

/** A revision that is to be made, with all that was found out and decided about it. */
export interface Work {
  operation: Operation;
  store: ReleaseStore;
  /** All revisions when the plan was made, the oldest first. */
  history: readonly Release[];
  start: Beginning;
  draft: Release;
  plan: DeploymentPlan;
  /** Called where the revision was begun and failed: takes back what was done, and gives the error to throw. */
  undo?: ((error: unknown) => Promise<unknown>) | undefined;
}

export interface DeployRequest {
  release: ReleaseIdentity;
  wait: boolean;
  timeoutMs: number;
  forceConflicts: boolean;
  /** How many revisions to keep; 0 for all. */
  historyMax: number;
  /** Of the finished revision. */
  description: string;
}

export interface Deployed {
  record: Release;
  /** What is not as one may expect, though everything is in place. */
  remarks: string[];
}

/** What a deployment creates besides its objects is tried too before the first write. */
export async function rehearse(
  { store, draft, plan, operation }: Work,
  { client, emit, now }: ActionContext,
): Promise<void> {
  await Promise.all([
    store.rehearseCreate(draft),
    rehearseLock(client, { release: draft, operation: operation.lock }, { now }),
    plan.found.namespace === undefined
      ? createNamespace(client, draft, { fieldManager: FIELD_MANAGER, dryRun: true, emit })
      : undefined,
  ]);
}

/**
 * The part that changes the cluster, as the only run that does: record, CRDs, objects, removal of what is no longer wanted, wait,
 * record. Whatever happens in between, the same command run again goes on where this one ended.
 */
export async function deploy(work: Work, request: DeployRequest, context: ActionContext): Promise<Deployed> {
  const { client, signal, emit } = context;
  if (signal.aborted) throw new KthenaError('interrupted', 'stopped before anything was written');
  if (work.plan.found.namespace === undefined) {
    await createNamespace(client, request.release, { fieldManager: FIELD_MANAGER, dryRun: false, emit });
  }
  const { release } = request;
  const outcome = await withLock({ release, operation: work.operation.lock }, context, async (locked) => {
    await checkStillLatest(work, release.name);
    const record = await begin(work, locked);
    try {
      return { deployed: await carryOut(work, record, request, locked) };
    } catch (error) {
      const failed = await failRevision(work.store, record, work.operation, error, locked.now());
      // Where the lock was lost it is another run's release by now.
      const isLost = locked.signal.aborted && !context.signal.aborted;
      return { failure: failed.error, isOwn: !failed.overtaken && !isLost };
    }
  });
  if (outcome.deployed !== undefined) return outcome.deployed;
  throw work.undo !== undefined && outcome.isOwn ? await work.undo(outcome.failure) : outcome.failure;
}

/** The plan was made, and perhaps confirmed, without the lock. */
async function checkStillLatest({ store, history }: Work, name: string): Promise<void> {
  const [planned, now] = [history.at(-1), await store.latest(name)];
  const isSame = planned?.version === now?.version && planned?.stored?.resourceVersion === now?.stored?.resourceVersion;
  if (isSame) return;
  const what = now === undefined ? 'was removed' : `is at revision ${now.version} (${now.info.status}) now`;
  throw new KthenaError('conflict', `release ${name} ${what}: another run changed it after this one had looked`, {
    hint: 'Nothing was written. Look at what it did with kthena history, and run the same command again if it is still wanted.',
  });
}

async function begin({ store, start, draft, plan }: Work, context: ActionContext): Promise<Release> {
  // While the record still names them: overwritten, nothing would know of what is left if this run is cut off too.
  if (start.kind === 'resume' && start.release.manifest !== draft.manifest) {
    await prune(plan.found.objects.changes, context);
  }
  return beginRevision(store, draft, start);
}

async function carryOut(
  { store, history, plan }: Work,
  begun: Release,
  request: DeployRequest,
  context: ActionContext,
): Promise<Deployed> {
  const remarks = await makeChanges(plan, request, context);
  const record = await endRevision(store, begun, request.description, context.now());
  const others = history.filter(({ version }) => version !== record.version);
  await tidy(store, [...others, record], request.historyMax, context);
  return { record, remarks };
}

async function makeChanges(
  { found, upgrades, certificates }: DeploymentPlan,
  request: DeployRequest,
  context: ActionContext,
): Promise<string[]> {
  const { client, signal, emit } = context;
  const { release, forceConflicts, timeoutMs } = request;
  const { changes } = found.objects;
  const kept = changes.filter(({ action }) => action !== 'delete');
  const objects = kept.map(({ object }) => object);
  const rollout = new CertificateRollout(client, certificates, {
    ...context,
    owner: release,
    fieldManager: FIELD_MANAGER,
  });
  await applyUpgrades(upgrades, { forceConflicts, timeoutMs }, context);
  // Seconds may have passed since the survey.
  await checkStillOwner(
    client,
    kept.filter(({ action }) => action !== 'adopt'),
    release,
  );
  const injected = await injectedWebhooks(client, objects);
  await rollout.store();
  await applyChanges(client, kept, { fieldManager: FIELD_MANAGER, signal, emit });
  await rollout.serve();
  await prune(changes, context);
  const remarks = request.wait
    ? await awaitAll({ objects, rollout, injected }, timeoutMs, context)
    : (await rollout.isUnfinished())
      ? [UNFINISHED_ROLLOUT]
      : [];
  await checkStillOwner(client, kept, release);
  return remarks;
}

/** Waits until everything is ready, and ends the changes of certificates that had to wait for it. */
async function awaitAll(
  { objects, rollout, injected }: { objects: KubeObject[]; rollout: CertificateRollout; injected: InjectedWebhooks[] },
  timeoutMs: number,
  context: ActionContext,
): Promise<string[]> {
  const remarks = await awaitReadiness(context.client, objects, timeoutMs, context);
  await rollout.finish();
  await settleInjection(injected, timeoutMs, context);
  return remarks;
}

const UNFINISHED_ROLLOUT =
  'the webhooks trust their former CA too, since nothing was waited for; the next kthena upgrade ends that';

async function prune(changes: readonly Change[], context: ActionContext): Promise<void> {
  const removals = changes.flatMap(({ action, object }) => (action === 'delete' ? [removalOf(object)] : []));
  await removeObjects(context.client, removals, { ...context, dryRun: false });
}
