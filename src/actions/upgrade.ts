import type { Bundle } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import type { Change } from '../plan/plan.js';
import type { CheckId } from '../preflight/ids.js';
import type { Release } from '../release/release.js';
import type { UpgradeStart } from '../release/upgrade-start.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { checksPassed, startChecks } from './checks-before.js';
import type { ActionContext } from './context.js';
import { deploy, rehearse, type Work } from './deploy.js';
import { checkDeployable } from './deployable.js';
import { changesOf } from './deployment.js';
import { withLock } from './lock.js';
import { bringBack, checkUndoable } from './on-failure.js';
import { contentsOf, draftRevision, hasSameContents, type Beginning, type Operation } from './revision.js';
import { settle } from './settle.js';
import { isUnchanged, type PlannedUpgrade } from './upgrade-plan.js';

export interface UpgradeRequest {
  release: ReleaseIdentity;
  dryRun: boolean;
  skipCrds: boolean;
  takeOwnership: boolean;
  forceConflicts: boolean;
  wait: boolean;
  timeoutMs: number;
  description?: string;
  historyMax: number;
  rollbackOnFailure: boolean;
  skipChecks: readonly CheckId[];
  /** Called before anything is refused or written, where something would change. */
  showPlan(): void;
  /** It throws where the user does not want the plan. */
  confirm(): Promise<void>;
}

export interface UpgradeResult {
  outcome: 'upgraded' | 'unchanged' | 'dry-run';
  release: ReleaseIdentity;
  revision: number;
  changes: Change[];
  remarks: string[];
}

const UPGRADE: Operation = {
  pending: 'pending-upgrade',
  name: 'Upgrade',
  lock: 'upgrade',
  wayBack: ({ name, namespace }) => `kthena rollback ${name} -n ${namespace} to go back to the revision before`,
};

/**
 * Carries out a planned upgrade. Everything is checked before the first write; where nothing would change nothing is written,
 * not even a revision.
 */
export async function upgrade(
  bundle: Bundle,
  planned: PlannedUpgrade,
  request: UpgradeRequest,
  context: ActionContext,
): Promise<UpgradeResult> {
  const { release } = request;
  const { store, history, start, plan, prepared } = planned;
  const unchanged = isUnchanged(planned, bundle);
  if (!unchanged) request.showPlan();
  // What is to stay as it is needs no checks.
  const checks = unchanged ? undefined : startChecks(bundle, { ...request, prepared, history, plan }, context);
  const policy = { ...request, createNamespace: true, allowDowngrade: false };
  await checksPassed('upgrade', checks, context, () => checkDeployable(context.client, 'upgrade', plan, policy));
  const result = { release, changes: changesOf(release, plan), remarks: [] };
  if (request.rollbackOnFailure) checkUndoable(result.changes);
  if (unchanged) {
    if (!request.dryRun) await settle(store, history, request, context);
    return { ...result, outcome: 'unchanged', revision: start.latest.version };
  }
  const beginning = beginningOf(start);
  const draft = draftRevision(release, UPGRADE, contentsOf(bundle, prepared), beginning, context.now());
  const resumes = start.interrupted && hasSameContents(draft, start.latest);
  // Where that run still works, the error is the one that names it.
  if (start.interrupted && !resumes) {
    await withLock({ release, operation: UPGRADE.lock }, context, () =>
      Promise.reject(interruptedError(start.latest, start.base)),
    );
  }
  const undo = (error: unknown): Promise<unknown> => bringBack(bundle, start.base, request, error, context);
  const work: Work = {
    operation: UPGRADE,
    store,
    history,
    start: beginning,
    draft,
    plan,
    undo: request.rollbackOnFailure ? undo : undefined,
  };
  await rehearse(work, context);
  if (request.dryRun) return { ...result, outcome: 'dry-run', revision: draft.version };
  await request.confirm();
  const description = request.description ?? 'Upgrade complete';
  const { record, remarks } = await deploy(work, { ...request, description }, context);
  return { ...result, outcome: 'upgraded', revision: record.version, remarks };
}

function beginningOf({ interrupted, latest }: UpgradeStart): Beginning {
  if (interrupted) return { kind: 'resume', release: latest };
  return { kind: 'new', revision: latest.version + 1, firstDeployed: latest.info.first_deployed };
}

function interruptedError({ name, namespace, version, info }: Release, base: Release): KthenaError {
  const where = `${name} -n ${namespace}`;
  return new KthenaError('conflict', `an upgrade of release ${name} to revision ${version} was interrupted`, {
    details: [
      `revision ${version} was begun at ${info.last_deployed}, with other values or another version than these`,
    ],
    hint: `Run kthena upgrade ${where} --continue to end it, or kthena rollback ${name} ${base.version} -n ${namespace} to go back.`,
  });
}

/** There is nothing to upgrade. */
export function notInstalled({ name, namespace }: ReleaseIdentity): KthenaError {
  return new KthenaError('not-found', `release ${name} is not installed in namespace ${namespace}`, {
    hint: 'kthena list -A shows the releases of all namespaces; kthena upgrade --install installs it.',
  });
}
