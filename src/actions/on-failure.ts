import type { Bundle } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import { formatRef, refOf } from '../kube/object.js';
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

/**
 * What an undo could not bring back must not be touched to begin with: an adopted object is nobody's to delete afterwards.
 *
 * @throws KthenaError `usage`
 */
export function checkUndoable(changes: readonly Change[]): void {
  const adopted = changes.filter(({ action }) => action === 'adopt');
  if (adopted.length === 0) return;
  throw new KthenaError('usage', '--rollback-on-failure cannot give adopted objects back', {
    details: adopted.map(({ object }) => `${formatRef(refOf(object))}: would be adopted`),
    hint: 'Adopt them without --rollback-on-failure.',
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
    await uninstall(bundle, { release, timeoutMs, ...whole }, own);
    const created = upgrades.filter(({ action }) => action === 'create');
    if (created.length === 0) return 'Everything was removed again';
    const kept = await deleteUnusedCrds(
      bundle,
      created.map(({ name }) => name),
      timeoutMs,
      own,
    );
    return kept === undefined ? 'Everything was removed again' : `Everything but the CRDs was removed again: ${kept}`;
  });
}

async function deleteUnusedCrds(
  bundle: Bundle,
  names: readonly string[],
  timeoutMs: number,
  context: ActionContext,
): Promise<string | undefined> {
  try {
    await deleteCrds(bundle, { names, force: false, timeoutMs, confirm: refuseLoss, backUp: undefined }, context);
    return undefined;
  } catch (error) {
    if (error instanceof KthenaError) return error.message;
    throw error;
  }
}

function refuseLoss({ resources }: { resources: readonly unknown[] }): Promise<void> {
  if (resources.length === 0) return Promise.resolve();
  return Promise.reject(new KthenaError('conflict', `${resources.length} resources of their kinds exist`));
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
