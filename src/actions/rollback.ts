import type { Bundle } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import { refOf, type KubeObject } from '../kube/object.js';
import type { Change } from '../plan/plan.js';
import { releasedChart } from '../release/chart.js';
import { manifestObjects } from '../release/manifest-objects.js';
import type { Release } from '../release/release.js';
import { releaseNotFound } from '../release/not-found.js';
import { rollbackTarget } from '../release/rollback-target.js';
import { ReleaseStore } from '../release/store.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { bundledCrds } from './bundled-crds.js';
import type { ActionContext } from './context.js';
import { deploy, rehearse } from './deploy.js';
import { checkDeployable } from './deployable.js';
import { changesOf, planDeployment, type DeploymentPlan } from './deployment.js';
import { draftRevision, hasSameContents, type Beginning, type Operation, type RevisionContents } from './revision.js';
import { settle } from './settle.js';

export interface RollbackRequest {
  release: ReleaseIdentity;
  /** Undefined: the one that was deployed before. */
  revision: number | undefined;
  dryRun: boolean;
  forceConflicts: boolean;
  allowDowngrade: boolean;
  wait: boolean;
  timeoutMs: number;
  description?: string;
  historyMax: number;
  /** Called before anything is refused or written, where something would change. */
  showPlan(plan: DeploymentPlan): void;
  /** It throws where the user does not want to go back to that revision. */
  confirm(target: number): Promise<void>;
}

export interface RollbackResult {
  outcome: 'rolled-back' | 'unchanged' | 'dry-run';
  release: ReleaseIdentity;
  revision: number;
  /** The revision that was brought back. */
  target: number;
  changes: Change[];
  remarks: string[];
}

const CRD_KIND = 'CustomResourceDefinition';

const ROLLBACK: Operation = {
  pending: 'pending-rollback',
  name: 'Rollback',
  lock: 'rollback',
  wayBack: ({ name, namespace }) => `kthena upgrade ${name} -n ${namespace} to go on to another revision`,
};

/**
 * Brings back the objects and values of an earlier revision, as a new one. CRDs stay as they are, since stored resources may need
 * them so, unless their downgrade is allowed.
 *
 * @throws KthenaError `not-found` where there is no such release or revision
 */
export async function rollback(
  bundle: Bundle,
  request: RollbackRequest,
  context: ActionContext,
): Promise<RollbackResult> {
  const { release } = request;
  const store = new ReleaseStore(context.client, release.namespace, context.now);
  const history = await store.history(release.name);
  const [first, ...others] = history;
  if (first === undefined) throw notFound(release);
  const target = rollbackTarget([first, ...others], request.revision);
  const latest = history.at(-1)!;
  // An older chart of Helm's may have had CRDs among its templates.
  const objects = (await manifestObjects(context.client, target)).filter(({ kind }) => kind !== CRD_KIND);
  const { crds, remarks } = await crdsOf(bundle, target, latest, request, context);
  const plan = await planDeployment({ ...request, takeOwnership: false, objects, crds, history }, context);
  const result = { release, target: target.version, changes: changesOf(release, plan) };
  const isUnchanged = isThere(latest, target, result.changes);
  if (!isUnchanged) request.showPlan(plan);
  await checkDeployable(context.client, 'rollback', plan, { ...request, createNamespace: true });
  if (isUnchanged) {
    if (!request.dryRun) await settle(store, history, request, context);
    return { ...result, outcome: 'unchanged', revision: latest.version, remarks };
  }
  const start = beginning(latest, target);
  const draft = draftRevision(release, ROLLBACK, contentsOf(target), start, context.now());
  const work = { operation: ROLLBACK, store, history, start, draft, plan };
  await rehearse(work, context);
  if (request.dryRun) return { ...result, outcome: 'dry-run', revision: draft.version, remarks };
  await request.confirm(target.version);
  const description = request.description ?? `Rollback to ${target.version}`;
  const done = await deploy(work, { ...request, description }, context);
  return { ...result, outcome: 'rolled-back', revision: done.record.version, remarks: [...remarks, ...done.remarks] };
}

function isThere(latest: Release, target: Release, changes: readonly Change[]): boolean {
  const isDeployed = latest.info.status === 'deployed' && hasSameContents(latest, target);
  return isDeployed && changes.every(({ action }) => action === 'unchanged');
}

function beginning(latest: Release, target: Release): Beginning {
  const { status, rollback_revision: going, first_deployed: firstDeployed } = latest.info;
  if (status === 'pending-rollback' && going === target.version) return { kind: 'resume', release: latest };
  return { kind: 'new', revision: latest.version + 1, firstDeployed };
}

function contentsOf({ chart, config, manifest, version }: Release): RevisionContents {
  return { chart: releasedChart(chart), config, manifest, rollbackRevision: version };
}

/** Only the CRDs of one bundle are at hand. */
async function crdsOf(
  bundle: Bundle,
  target: Release,
  latest: Release,
  { allowDowngrade }: { allowDowngrade: boolean },
  { client }: ActionContext,
): Promise<{ crds: KubeObject[]; remarks: string[] }> {
  const { appVersion } = target.chart.metadata;
  if (appVersion === latest.chart.metadata.appVersion) return { crds: [], remarks: [] };
  if (!allowDowngrade) {
    return {
      crds: [],
      remarks: [`the CRDs stay as they are, though revision ${target.version} is of Kthena ${appVersion}`],
    };
  }
  if (appVersion === bundle.appVersion) {
    const all = await bundledCrds(bundle, {});
    const installed = await Promise.all(all.map((crd) => client.get(refOf(crd))));
    return { crds: all.filter((_, index) => installed[index] !== undefined), remarks: [] };
  }
  throw new KthenaError('usage', `--allow-downgrade: the bundle has the CRDs of Kthena ${bundle.appVersion} only`, {
    hint: `Name the bundle of Kthena ${appVersion} with --bundle, or leave out --allow-downgrade to keep the CRDs as they are.`,
  });
}

/** `kthena rollback 2` means a release of that name, as with Helm. */
function notFound(release: ReleaseIdentity): KthenaError {
  const { name } = release;
  const isNumber = /^\d+$/.test(name);
  return isNumber
    ? releaseNotFound(release, `To name a revision, name the release before it: kthena rollback kthena ${name}.`)
    : releaseNotFound(release);
}
