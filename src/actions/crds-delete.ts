import type { Bundle } from '../bundle/bundle.js';
import { type Census, takeCensus } from '../crds/census.js';
import { readInventory, type CrdEntry } from '../crds/inventory.js';
import { rehearseRemoval, removeCrds, removeResources } from '../crds/remove.js';
import { KthenaError } from '../errors.js';
import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import { listReleases } from '../release/list.js';
import { isKthenaRelease } from '../release/release.js';
import { afterBackup } from './after-backup.js';
import type { ActionContext } from './context.js';

export interface CrdsDeleteRequest {
  /** Empty for all of Kthena's. */
  names: readonly string[];
  /** Also while a release is there that needs them. */
  force: boolean;
  timeoutMs: number;
  /** Called with what would be lost, before anything is written; it throws where the user does not want that. */
  confirm(census: Census, crds: readonly KubeObject[]): Promise<void>;
  /** Backs the resources up, once confirmed; undefined to do without. It throws where it fails, and nothing is deleted. */
  backUp: ((crds: readonly KubeObject[]) => Promise<string>) | undefined;
}

export interface CrdsDeleteResult {
  crds: string[];
  census: Census;
  /** The backup's path. */
  backup: string | undefined;
}

/**
 * Deletes CRDs with all resources of their kinds. The order is such that nothing is lost that was not confirmed, wherever it is cut
 * off: count, confirm, back up, delete the counted resources, make sure that there are no others, delete the CRDs.
 */
export async function deleteCrds(
  bundle: Pick<Bundle, 'crds' | 'appVersion'>,
  request: CrdsDeleteRequest,
  context: ActionContext,
): Promise<CrdsDeleteResult> {
  const { client } = context;
  const inventory = await readInventory(
    client,
    (await bundle.crds()).map(({ object }) => object),
  );
  checkNames(
    request.names,
    inventory.map(({ name }) => name),
  );
  const isAsked = ({ name }: CrdEntry): boolean => request.names.length === 0 || request.names.includes(name);
  const asked = inventory.filter(isAsked);
  const crds = installedOf(asked);
  if (!request.force) await checkNotNeeded(client, asked, bundle.appVersion);
  const staying = installedOf(inventory.filter((entry) => !isAsked(entry)));
  const census = await takeCensus(client, crds, staying);
  if (crds.length === 0) return { crds: [], census, backup: undefined };
  await rehearseRemoval(client, crds, census.resources);
  await request.confirm(census, crds);
  const backup = census.resources.length > 0 ? await request.backUp?.(crds) : undefined;
  await afterBackup(backup, async () => {
    if (census.resources.length > 0) await removeResources(client, crds, census.resources, { ...context, ...request });
    await removeCrds(client, crds, { ...context, ...request });
  });
  return { crds: crds.map((crd) => crd.metadata.name), census, backup };
}

function installedOf(entries: readonly CrdEntry[]): KubeObject[] {
  return entries.flatMap(({ installed }) => (installed === undefined ? [] : [installed]));
}

/** @throws KthenaError `not-found` naming the names that are no CRD of Kthena's */
export function checkNames(asked: readonly string[], known: readonly string[]): void {
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new KthenaError(
    'not-found',
    `${unknown.join(', ')}: neither the bundle nor the cluster has such a CRD of Kthena's`,
    {
      hint: 'kthena crds list shows them.',
    },
  );
}

/** A release of the bundle's version needs none but the bundle's CRDs; which those of another version need, nobody knows. */
async function checkNotNeeded(client: KubeClient, asked: readonly CrdEntry[], appVersion: string): Promise<void> {
  const { releases } = await listReleases(client, undefined);
  const leftOver = asked.every(({ bundled }) => bundled === undefined);
  const using = releases.filter(
    (release) =>
      isKthenaRelease(release) &&
      release.info.status !== 'uninstalled' &&
      !(leftOver && release.chart.metadata.appVersion === appVersion),
  );
  if (using.length === 0) return;
  throw new KthenaError('conflict', 'a release still needs the CRDs', {
    details: using.map(({ name, namespace, info }) => `release ${name} in namespace ${namespace} (${info.status})`),
    hint: 'Remove it first with kthena uninstall, or add --force.',
  });
}
