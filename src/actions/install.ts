import { applyChanges } from '../apply/apply.js';
import { KthenaError } from '../errors.js';
import { crdChange, planUpgrades, type CrdUpgrade } from '../crds/upgrade-plan.js';
import { createNamespace, namespaceFor } from '../apply/namespace.js';
import { removeObjects } from '../apply/remove.js';
import type { Bundle } from '../bundle/bundle.js';
import type { KubeObject } from '../kube/object.js';
import type { Change } from '../plan/plan.js';
import { obsoleteObjects } from '../plan/removals.js';
import { survey, type Survey } from '../plan/survey.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { installStart } from '../release/install-start.js';
import type { Release } from '../release/release.js';
import { ReleaseStore } from '../release/store.js';
import { FIELD_MANAGER, type ActionContext } from './context.js';
import type { InstallRequest, InstallResult } from './install-request.js';
import { bundledCrds } from './bundled-crds.js';
import { applyUpgrades } from './crds-upgrade.js';
import { checkCaBundle } from './ca-bundle.js';
import { checkInstallable, checkStillOwner, checkUnchanged, readable } from './installable.js';
import type { Prepared } from './prepare.js';
import { awaitReadiness } from './readiness.js';
import { beginRevision, draftRevision, endRevision, failRevision, type Beginning } from './revision.js';

/**
 * Puts a release into the cluster. Everything is checked before the first write; then the record is written, and whatever happens
 * afterwards, the same install run again goes on where this one ended.
 */
export async function install(
  bundle: Bundle,
  prepared: Prepared,
  request: InstallRequest,
  context: ActionContext,
): Promise<InstallResult> {
  const { release } = request;
  checkCaBundle(prepared);
  if (prepared.rendering.objects.length === 0 && prepared.rendering.crds.length === 0) throw nothingToInstall();
  const store = new ReleaseStore(context.client, release.namespace, context.now);
  const crds = request.skipCrds ? [] : await crdsOf(bundle, prepared.rendering.crds);
  const [upgrades, found, history] = await Promise.all([
    planUpgrades(context.client, crds, { fieldManager: FIELD_MANAGER, forceConflicts: false }),
    survey(context.client, {
      owner: release,
      fieldManager: FIELD_MANAGER,
      objects: prepared.rendering.objects.map(({ object }) => object),
      takeOwnership: request.takeOwnership,
    }),
    readable(store.history(release.name)),
  ]);
  const start = installStart(history.releases);
  await checkInstallable(context.client, { found, upgrades, history }, request);
  const changes = changesOf(release, found, upgrades);
  const result = { release, changes, remarks: [] };
  if (start.kind === 'installed') {
    checkUnchanged(start.release, changes);
    return { ...result, outcome: 'unchanged', revision: start.release.version };
  }
  const draft = draftRevision(bundle, prepared, request, start, context.now());
  await rehearse(store, draft, found, context);
  if (request.dryRun) return { ...result, outcome: 'dry-run', revision: draft.version };
  const { revision, remarks } = await write(request, { store, start, draft, found, upgrades, context });
  return { ...result, outcome: 'installed', revision, remarks };
}

/** Namespace first, then CRDs, then the objects. */
function changesOf(
  release: ReleaseIdentity,
  { namespace, objects }: Survey,
  upgrades: readonly CrdUpgrade[],
): Change[] {
  const created: Change[] = namespace === undefined ? [{ action: 'create', object: namespaceFor(release) }] : [];
  return [...created, ...upgrades.map(crdChange), ...objects.changes];
}

interface Work {
  store: ReleaseStore;
  start: Beginning;
  draft: Release;
  found: Survey;
  upgrades: CrdUpgrade[];
  context: ActionContext;
}

/** What an install creates besides its objects is tried too before the first write. */
async function rehearse(
  store: ReleaseStore,
  draft: Release,
  { namespace }: Survey,
  context: ActionContext,
): Promise<void> {
  await Promise.all([
    store.rehearseCreate(draft),
    namespace === undefined
      ? createNamespace(context.client, draft, { fieldManager: FIELD_MANAGER, dryRun: true, emit: context.emit })
      : undefined,
  ]);
}

/** The part of an install that changes the cluster: record, CRDs, objects, wait, record. */
async function write(
  request: InstallRequest,
  { store, start, draft, found, upgrades, context }: Work,
): Promise<{ revision: number; remarks: string[] }> {
  const { client, signal, emit } = context;
  if (signal.aborted) throw new KthenaError('interrupted', 'stopped before anything was written');
  if (found.namespace === undefined) {
    await createNamespace(client, request.release, { fieldManager: FIELD_MANAGER, dryRun: false, emit });
  }
  // While the record still names them: overwritten, nothing would know of what is left if this run is cut off too.
  if (start.kind === 'resume') await removeObsolete(start.release, found, context);
  const record = await beginRevision(store, draft, start);
  try {
    const applying = { fieldManager: FIELD_MANAGER, signal, emit };
    await applyUpgrades(upgrades, { forceConflicts: false, timeoutMs: request.timeoutMs }, context);
    // Seconds may have passed since the survey.
    const notAdopted = found.objects.changes.filter(({ action }) => action !== 'adopt');
    await checkStillOwner(client, notAdopted, request.release);
    await applyChanges(client, found.objects.changes, applying);
    const remarks = request.wait ? await awaitReadiness(client, found.objects.changes, request.timeoutMs, context) : [];
    await checkStillOwner(client, found.objects.changes, request.release);
    const { version } = await endRevision(store, record, request.description ?? 'Install complete', context.now());
    return { revision: version, remarks };
  } catch (error) {
    throw await failRevision(store, record, error, context.now());
  }
}

/** The attempt before this one may have been made with other values. */
async function removeObsolete(attempt: Release, found: Survey, context: ActionContext): Promise<void> {
  const desired = found.objects.changes.map(({ object }) => object);
  const objects = await obsoleteObjects(context.client, attempt, desired);
  await removeObjects(context.client, objects, { ...context, dryRun: false });
}

async function crdsOf(bundle: Bundle, names: readonly string[]): Promise<KubeObject[]> {
  return names.length === 0 ? [] : bundledCrds(bundle, { names });
}

function nothingToInstall(): KthenaError {
  return new KthenaError('values', 'with these values there is nothing to install', {
    hint: 'Enable a component: workload.enabled or networking.enabled.',
  });
}
