import type { Bundle } from '../bundle/bundle.js';
import type { Census } from '../crds/census.js';
import { remainingCrds } from '../crds/remaining.js';
import { KthenaError } from '../errors.js';
import { formatRef, refOf, type KubeObject } from '../kube/object.js';
import type { Change } from '../plan/plan.js';
import type { Release } from '../release/release.js';
import type { ReleaseIdentity } from '../render/scope.js';
import type { ActionContext } from './context.js';
import { deleteCrds } from './crds-delete.js';
import type { DeploymentPlan } from './deployment.js';
import { rollback } from './rollback.js';
import { uninstall } from './uninstall.js';

interface Undo {
  release: ReleaseIdentity;
  timeoutMs: number;
}

/** For a removal, whatever the user's timeout is: a namespace alone takes ten seconds to go. */
const LEAST_TIMEOUT_MS = 120_000;

/**
 * What an undo could not bring back must not be touched to begin with: an adopted object is nobody's to delete afterwards, and what
 * another manager had set is not in any record.
 *
 * @throws KthenaError `usage`
 */
export function checkUndoable(changes: readonly Change[]): void {
  const details = changes.flatMap((change) => {
    const name = formatRef(refOf(change.object));
    if (change.action === 'adopt') return [`${name}: would be adopted`];
    if (change.action !== 'update') return [];
    return change.conflicts.map(({ path, manager }) => `${name}: ${path} would be taken from ${manager}`);
  });
  if (details.length === 0) return;
  throw new KthenaError('usage', '--rollback-on-failure cannot give back what is taken from others', {
    details,
    hint: 'Adopt objects and take fields over without --rollback-on-failure.',
  });
}

/**
 * After an upgrade that failed: brings back the revision that was deployed before.
 *
 * @returns the error to throw, which says what became of it
 */
export async function bringBack(
  bundle: Bundle,
  base: Release,
  undo: Undo & { historyMax: number; forceConflicts: boolean },
  error: unknown,
  context: ActionContext,
): Promise<unknown> {
  return undone(error, `Revision ${base.version} could not be brought back`, async () => {
    context.emit({ type: 'step', message: `Going back to revision ${base.version}` });
    const request = { ...undo, revision: base.version, dryRun: false, allowDowngrade: false, wait: true };
    const silent = { showPlan: () => undefined, confirm: () => Promise.resolve() };
    const { revision } = await rollback(bundle, { ...request, ...silent }, unaborted(context));
    return `Revision ${base.version} was brought back, as revision ${revision}`;
  });
}

/**
 * After an install that failed: takes out everything that it put in. CRDs of its own go too, as long as no resource of theirs exists.
 *
 * @returns the error to throw, which says what became of it
 */
export async function takeOut(
  bundle: Bundle,
  { upgrades }: DeploymentPlan,
  { release, timeoutMs }: Undo,
  error: unknown,
  context: ActionContext,
): Promise<unknown> {
  return undone(error, 'What was installed could not be removed', async () => {
    context.emit({ type: 'step', message: 'Removing what was installed' });
    const own = unaborted(context);
    const whole = { dryRun: false, keepHistory: false, ignoreNotFound: true, deleteNamespace: true, wait: true };
    await uninstall(bundle, { release, timeoutMs: Math.max(timeoutMs, LEAST_TIMEOUT_MS), ...whole }, own);
    const created = upgrades.filter(({ action }) => action === 'create').map(({ wanted }) => wanted);
    return `Everything was removed again${await deleteUnusedCrds(bundle, created, timeoutMs, own)}`;
  });
}

/** @returns what stays and why, to go on with a sentence; empty where nothing does */
async function deleteUnusedCrds(
  bundle: Bundle,
  crds: readonly KubeObject[],
  timeoutMs: number,
  context: ActionContext,
): Promise<string> {
  const used = (await remainingCrds(context.client, crds)).filter(({ resources }) => resources > 0);
  const kept = used.map(({ name }) => name);
  const names = crds.map(({ metadata }) => metadata.name).filter((name) => !kept.includes(name));
  try {
    if (names.length > 0)
      await deleteCrds(bundle, { names, force: false, timeoutMs, confirm: refuseLoss, backUp: undefined }, context);
  } catch (error) {
    if (error instanceof KthenaError) return ` but the CRDs: ${error.message}`;
    throw error;
  }
  return kept.length === 0 ? '' : ` but CRDs of which there are resources by now: ${kept.join(', ')}`;
}

/** Somebody has made one since they were counted. */
function refuseLoss({ resources }: Census): Promise<void> {
  if (resources.length === 0) return Promise.resolve();
  const details = resources.map(({ ref }) => formatRef(ref)).join(', ');
  return Promise.reject(new KthenaError('conflict', `there are resources of them by now (${details})`));
}

/** Ctrl-C asked to stop, and that is what the undo does: it is not to be stopped by the same key stroke. */
function unaborted(context: ActionContext): ActionContext {
  return { ...context, signal: new AbortController().signal };
}

async function undone(error: unknown, failure: string, undo: () => Promise<string>): Promise<unknown> {
  if (!(error instanceof KthenaError)) return error;
  const original = error.cause instanceof KthenaError ? error.cause : error;
  try {
    const outcome = await undo();
    const hint = [original.hint, `${outcome}.`].filter((sentence) => sentence !== undefined).join(' ');
    return new KthenaError(original.code, original.message, { details: original.details, hint, cause: error });
  } catch (undoError) {
    if (!(undoError instanceof KthenaError)) return undoError;
    return new KthenaError(error.code, error.message, {
      details: [...error.details, `${failure}: ${undoError.message}`, ...undoError.details],
      hint: error.hint,
      cause: error,
    });
  }
}
