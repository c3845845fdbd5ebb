import { KthenaError } from '../../errors.js';
import type { KubeClient } from '../../kube/client.js';
import type { Owner } from '../../plan/ownership.js';
import type { Plan } from '../../plan/plan.js';
import { ReleaseStore } from '../../release/store.js';

/**
 * Cluster roles and webhook configurations have fixed names: a second install would take them from the first, whose pods
 * would then stand without rights and webhooks. So they are not taken from a release that is there, whatever the flags.
 *
 * @throws KthenaError `conflict` naming the release that is there
 */
export async function checkOnlyInstall(client: KubeClient, plan: Plan, own: Owner): Promise<void> {
  for (const { name, namespace } of ownersIn(plan)) {
    const release = await new ReleaseStore(client, namespace).latest(name);
    const isOwn = name === own.name && namespace === own.namespace;
    if (isOwn || release === undefined || release.info.status === 'uninstalled') continue;
    throw new KthenaError(
      'conflict',
      `Kthena is in this cluster already: release ${name} in namespace ${namespace} (${release.info.status})`,
      {
        details: plan.obstacles.map(({ message }) => message),
        hint: `One cluster takes one install, since its cluster roles and webhooks have fixed names. Use that one (kthena status ${name} -n ${namespace}), or remove it first with kthena uninstall.`,
      },
    );
  }
}

/** The other releases that objects of the plan belong to. */
function ownersIn({ obstacles, changes }: Plan): Owner[] {
  const owners = [
    ...obstacles.flatMap(({ owner }) => (owner === undefined ? [] : [owner])),
    ...changes.flatMap((change) => (change.action === 'adopt' && change.from !== undefined ? [change.from] : [])),
  ];
  return [...new Map(owners.map((owner) => [`${owner.namespace}/${owner.name}`, owner])).values()];
}
