import { applyChanges } from '../apply/apply.js';
import { createNamespace } from '../apply/namespace.js';
import type { Bundle } from '../bundle/bundle.js';
import type { KubeObject } from '../kube/object.js';
import { survey, type Survey } from '../plan/survey.js';
import { installStart, type InstallStart } from '../release/install-start.js';
import type { Release } from '../release/release.js';
import { ReleaseStore } from '../release/store.js';
import { FIELD_MANAGER, type ActionContext } from './context.js';
import type { InstallRequest, InstallResult } from './install-request.js';
import { checkInstallable, checkUnchanged } from './installable.js';
import type { Prepared } from './prepare.js';
import { awaitReadiness, awaitServed } from './readiness.js';
import { beginRevision, endRevision, failRevision } from './revision.js';

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
  const store = new ReleaseStore(context.client, release.namespace, context.now);
  const crds = request.skipCrds ? [] : await crdsOf(bundle, prepared.rendering.crds);
  const [history, found] = await Promise.all([
    store.history(release.name),
    survey(context.client, {
      owner: release,
      fieldManager: FIELD_MANAGER,
      crds,
      objects: prepared.rendering.objects.map(({ object }) => object),
      takeOwnership: request.takeOwnership,
    }),
  ]);
  const start = installStart(history);
  checkInstallable(found, request);
  const changes = [...found.crds.changes, ...found.objects.changes];
  const result = { release, changes, remarks: [] };
  if (request.dryRun) return { ...result, outcome: 'dry-run', revision: revisionOf(start) };
  if (start.kind === 'installed') {
    checkUnchanged(start.release, changes);
    return { ...result, outcome: 'unchanged', revision: start.release.version };
  }
  const { revision, remarks } = await write(bundle, prepared, request, { store, start, found, context });
  return { ...result, outcome: 'installed', revision, remarks };
}

interface WriteState {
  store: ReleaseStore;
  start: Exclude<InstallStart, { kind: 'installed' }>;
  found: Survey;
  context: ActionContext;
}

/** The part of an install that changes the cluster: record, CRDs, objects, wait, record. */
async function write(
  bundle: Bundle,
  prepared: Prepared,
  request: InstallRequest,
  { store, start, found, context }: WriteState,
): Promise<{ revision: number; remarks: string[] }> {
  const { client, signal, emit } = context;
  if (found.namespace === undefined) await createNamespace(client, request.release, FIELD_MANAGER, emit);
  let record: Release = await beginRevision(store, bundle, prepared, request, start, context.now());
  try {
    const applying = { fieldManager: FIELD_MANAGER, signal, emit };
    const crds = await applyChanges(client, found.crds.changes, applying);
    await awaitServed(client, crds, request.timeoutMs, context);
    await applyChanges(client, found.objects.changes, applying);
    const remarks = request.wait ? await awaitReadiness(client, found.objects.changes, request.timeoutMs, context) : [];
    record = await endRevision(store, record, request.description ?? 'Install complete', context.now());
    return { revision: record.version, remarks };
  } catch (error) {
    throw await failRevision(store, record, error, context.now());
  }
}

async function crdsOf(bundle: Bundle, names: readonly string[]): Promise<KubeObject[]> {
  const wanted = new Set(names);
  return (await bundle.crds()).map(({ object }) => object).filter((object) => wanted.has(object.metadata.name));
}

function revisionOf(start: InstallStart): number {
  return start.kind === 'new' ? start.revision : start.release.version;
}
