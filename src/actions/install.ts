import { KthenaError } from '../errors.js';
import type { Bundle } from '../bundle/bundle.js';
import { formatRef, refOf } from '../kube/object.js';
import type { Change } from '../plan/plan.js';
import { installStart } from '../release/install-start.js';
import { madeBy, type Release } from '../release/release.js';
import { ReleaseStore } from '../release/store.js';
import { checkCaBundle } from './ca-bundle.js';
import { checksPassed, startChecks } from './checks-before.js';
import type { ActionContext } from './context.js';
import { deploy, rehearse } from './deploy.js';
import { checkDeployable, readable } from './deployable.js';
import { changesOf, planPrepared } from './deployment.js';
import type { InstallRequest, InstallResult } from './install-request.js';
import { checkUndoable, takeOut } from './on-failure.js';
import type { Prepared } from './prepare.js';
import { contentsOf, draftRevision, type Operation } from './revision.js';

const INSTALL: Operation = {
  pending: 'pending-install',
  name: 'Install',
  lock: 'install',
  wayBack: ({ name, namespace }) => `kthena uninstall ${name} -n ${namespace} to remove what was written`,
};

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
  const { releases: history, refusal } = await readable(store.history(release.name));
  const start = installStart(history);
  const planning = planPrepared(bundle, prepared, { ...request, history }, context);
  // What is to stay as it is needs no checks.
  const checks =
    start.kind === 'installed'
      ? undefined
      : startChecks(bundle, { ...request, prepared, history, plan: planning }, context);
  const plan = await planning;
  await checksPassed('install', checks, context, () =>
    checkDeployable(context.client, 'install', plan, { ...request, allowDowngrade: false }, refusal),
  );
  const changes = changesOf(release, plan);
  if (request.rollbackOnFailure) checkUndoable(changes);
  const result = { release, changes, remarks: [] };
  if (start.kind === 'installed') {
    checkUnchanged(start.release, changes);
    return { ...result, outcome: 'unchanged', revision: start.release.version };
  }
  const draft = draftRevision(release, INSTALL, contentsOf(bundle, prepared), start, context.now());
  const undo = (error: unknown): Promise<unknown> => takeOut(bundle, plan, request, error, context);
  const work = {
    operation: INSTALL,
    store,
    history,
    start,
    draft,
    plan,
    undo: request.rollbackOnFailure ? undo : undefined,
  };
  await rehearse(work, context);
  if (request.dryRun) return { ...result, outcome: 'dry-run', revision: draft.version };
  if (changes.some(({ action }) => action === 'adopt')) await request.confirmAdoption(plan);
  const description = request.description ?? 'Install complete';
  const { record, remarks } = await deploy(work, { ...request, description }, context);
  return { ...result, outcome: 'installed', revision: record.version, remarks };
}

/**
 * An install of what is installed already changes nothing; anything else is an upgrade's work.
 *
 * @throws KthenaError `conflict` naming what differs
 */
function checkUnchanged(installed: Release, changes: readonly Change[]): void {
  const { name, namespace, version } = installed;
  const differing = changes.filter(({ action }) => action !== 'unchanged');
  if (differing.length === 0) return;
  const by = madeBy(installed) === 'helm' ? ' by Helm' : '';
  throw new KthenaError(
    'conflict',
    `release ${name} is installed${by} in namespace ${namespace} (revision ${version}) and would change`,
    {
      details: differing.map(({ action, object }) => `${formatRef(refOf(object))}: ${action}`),
      hint: `Run kthena upgrade ${name} -n ${namespace} with the same values to change it.`,
    },
  );
}

function nothingToInstall(): KthenaError {
  return new KthenaError('values', 'with these values there is nothing to install', {
    hint: 'Enable a component: workload.enabled or networking.enabled.',
  });
}
