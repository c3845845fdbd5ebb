import type { Bundle } from '../bundle/bundle.js';
import { namespaceFor } from '../apply/namespace.js';
import { withCertificates } from '../certs/announce.js';
import type { GivenCertificate } from '../certs/files.js';
import { planCertificates, type CertificateChange } from '../certs/plan.js';
import { crdChange, planUpgrades, type CrdUpgrade } from '../crds/upgrade-plan.js';
import type { KubeObject } from '../kube/object.js';
import type { Change, PlanPolicy } from '../plan/plan.js';
import { survey, type Survey } from '../plan/survey.js';
import { deployedRevision, revisionsInCluster } from '../release/history.js';
import { manifestObjects, placed } from '../release/manifest-objects.js';
import type { Release } from '../release/release.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { bundledCrds } from './bundled-crds.js';
import { FIELD_MANAGER, type ActionContext } from './context.js';
import type { Prepared } from './prepare.js';

/** What a revision is to consist of, and what was there before it. */
export interface Deployment extends PlanPolicy {
  release: ReleaseIdentity;
  objects: readonly KubeObject[];
  /** The CRDs to bring to this form; empty to leave all CRDs alone. */
  crds: readonly KubeObject[];
  /** All revisions of the release, the oldest first. */
  history: readonly Release[];
  /** What the webhooks are to serve, where the user has given it. */
  certificates?: readonly GivenCertificate[];
}

/** What deploying it would change. */
export interface DeploymentPlan {
  found: Survey;
  upgrades: CrdUpgrade[];
  certificates: CertificateChange[];
}

/** Compares with the cluster, and lets the server try everything. Writes nothing. */
export async function planDeployment(
  deployment: Deployment,
  { client, now }: Pick<ActionContext, 'client' | 'now'>,
): Promise<DeploymentPlan> {
  const { release, crds, history, takeOwnership, forceConflicts } = deployment;
  const deployed = deployedRevision(history);
  const objects = await placed(client, deployment.objects, release.namespace);
  const [upgrades, found, certificates] = await Promise.all([
    planUpgrades(client, crds, { fieldManager: FIELD_MANAGER, forceConflicts }),
    survey(client, {
      owner: release,
      fieldManager: FIELD_MANAGER,
      objects,
      previous: deployed === undefined ? [] : await manifestObjects(client, deployed),
      revisions: revisionsInCluster(history),
      takeOwnership,
      forceConflicts,
    }),
    planCertificates(client, objects, { given: deployment.certificates ?? [], renew: false, now: now() }),
  ]);
  return { upgrades, found, certificates };
}

/** As `planDeployment`, of what values make of a bundle. */
export async function planPrepared(
  bundle: Bundle,
  { rendering, certificates }: Prepared,
  deployment: Omit<Deployment, 'objects' | 'crds' | 'certificates'> & { skipCrds: boolean },
  context: Pick<ActionContext, 'client' | 'now'>,
): Promise<DeploymentPlan> {
  const names = deployment.skipCrds ? [] : rendering.crds;
  const crds = names.length === 0 ? [] : await bundledCrds(bundle, { names });
  const objects = rendering.objects.map(({ object }) => object);
  return planDeployment({ ...deployment, objects, crds, certificates }, context);
}

/** Namespace first, then CRDs, then the objects, then what goes. */
export function changesOf(release: ReleaseIdentity, plan: DeploymentPlan): Change[] {
  return [...namespaceChanges(release, plan.found), ...plan.upgrades.map(crdChange), ...objectChanges(plan)];
}

/** What becomes of the release's objects, and of the certificates that are in them or beside them. */
export function objectChanges({ found, certificates }: DeploymentPlan): Change[] {
  return withCertificates(found.objects.changes, certificates);
}

/** The namespace is created where it does not exist, and otherwise left as it is. */
export function namespaceChanges(release: ReleaseIdentity, { namespace }: Survey): Change[] {
  return namespace === undefined ? [{ action: 'create', object: namespaceFor(release) }] : [];
}

export function hasChanges(release: ReleaseIdentity, plan: DeploymentPlan): boolean {
  return changesOf(release, plan).some(({ action }) => action !== 'unchanged');
}
