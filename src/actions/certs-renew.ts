import { planCertificates, type CertificateChange } from '../certs/plan.js';
import { CertificateRollout } from '../certs/rollout.js';
import { servedWebhooks } from '../certs/serving.js';
import { KthenaError } from '../errors.js';
import { formatRef, type KubeObject, type ObjectRef } from '../kube/object.js';
import { deployedRevision } from '../release/history.js';
import { manifestObjects } from '../release/manifest-objects.js';
import { releaseNotFound } from '../release/not-found.js';
import { ReleaseStore } from '../release/store.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { FIELD_MANAGER, type ActionContext } from './context.js';
import { withLock } from './lock.js';
import { awaitReady } from './readiness.js';

export interface CertsRenewRequest {
  release: ReleaseIdentity;
  timeoutMs: number;
}

export interface RenewedCertificate {
  secret: ObjectRef;
  names: readonly string[];
  /** Whose pods were replaced; undefined where there were none. */
  restarted: ObjectRef | undefined;
}

/**
 * Replaces the certificates of a release's webhooks, valid or not, and restarts the pods that serve them. No call of a webhook fails
 * meanwhile: until all pods are replaced, the former CA is trusted too. Cut off at any moment, it is run again.
 *
 * @throws KthenaError `not-found`; `usage` where they are not this tool's to renew
 */
export async function renewCertificates(
  { release, timeoutMs }: CertsRenewRequest,
  context: ActionContext,
): Promise<RenewedCertificate[]> {
  const history = await new ReleaseStore(context.client, release.namespace, context.now).history(release.name);
  const latest = history.at(-1);
  if (latest === undefined || latest.info.status === 'uninstalled') throw releaseNotFound(release);
  const objects = await manifestObjects(context.client, deployedRevision(history) ?? latest);
  checkOwn(objects, release);
  return withLock({ release, operation: 'certs renew' }, context, async (locked) => {
    const { client, emit, now } = locked;
    const changes = await planCertificates(client, objects, { given: [], renew: true, now: now() });
    const rollout = new CertificateRollout(client, changes, { owner: release, fieldManager: FIELD_MANAGER, emit, now });
    await rollout.store();
    await rollout.serve();
    const renewed = changes.map(renewedCertificate);
    const restarted = renewed.flatMap((certificate) => certificate.restarted ?? []);
    await awaitReady(client, restarted, timeoutMs, locked);
    await rollout.finish();
    return renewed;
  });
}

function checkOwn(objects: readonly KubeObject[], { name, namespace }: ReleaseIdentity): void {
  const all = servedWebhooks(objects);
  if (all.some(({ mode }) => mode === 'auto')) return;
  const [first] = all;
  if (first === undefined) {
    throw new KthenaError('usage', `release ${name} has no webhooks, and so no certificates`, {
      hint: 'Enable them with the values workload.controllerManager.webhook.enabled and networking.kthenaRouter.webhook.enabled.',
    });
  }
  const secrets = all.map(({ secret }) => formatRef(secret));
  throw new KthenaError(
    'usage',
    `certificate mode ${first.mode}: the certificates of release ${name} are not made by kthena`,
    {
      details: secrets,
      hint:
        first.mode === 'cert-manager'
          ? `cert-manager renews them by itself; to have it done now: cmctl renew --all -n ${namespace}`
          : `Give new ones with kthena upgrade ${name} -n ${namespace} --tls-cert-file, --tls-private-key-file and --tls-ca-file.`,
    },
  );
}

function renewedCertificate({ webhooks, restart }: CertificateChange): RenewedCertificate {
  const { secret, names, deployment } = webhooks;
  return { secret, names, restarted: restart === undefined ? undefined : deployment };
}
