import { takeOverInCluster } from '../apply/take-over.js';
import { crdRef } from '../crds/crd.js';
import { waitUntilSchemaServed } from '../crds/served-schema.js';
import { checkUpgrades, describeUnchecked, type UpgradePolicy } from '../crds/upgrade-check.js';
import { planUpgrades, type CrdUpgrade } from '../crds/upgrade-plan.js';
import { KthenaError } from '../errors.js';
import { refOf, type KubeObject } from '../kube/object.js';
import { afterBackup } from './after-backup.js';
import { FIELD_MANAGER, type ActionContext } from './context.js';
import { awaitServed } from './readiness.js';

export interface CrdsUpgradeRequest extends UpgradePolicy {
  timeoutMs: number;
  dryRun: boolean;
  /** Called before a breaking upgrade is made, with what it breaks; it throws where the user does not want that. */
  confirm(upgrades: readonly CrdUpgrade[]): Promise<void>;
  /** Backs up the resources of the kinds that break, and gives the backup's path. */
  backUp(crds: readonly KubeObject[]): Promise<string>;
}

export interface CrdsUpgradeResult {
  upgrades: CrdUpgrade[];
  backup: string | undefined;
}

/** Brings CRDs to the wanted form, after finding out whom that hits. */
export async function upgradeCrds(
  wanted: readonly KubeObject[],
  request: CrdsUpgradeRequest,
  context: ActionContext,
): Promise<CrdsUpgradeResult> {
  const { forceConflicts } = request;
  const upgrades = await planUpgrades(context.client, wanted, { fieldManager: FIELD_MANAGER, forceConflicts });
  checkUpgrades(upgrades, request);
  for (const message of upgrades.flatMap(describeUnchecked)) context.emit({ type: 'warning', message });
  if (request.dryRun) return { upgrades, backup: undefined };
  const breaking = upgrades.filter(({ affected }) => affected.length > 0);
  let backup: string | undefined;
  if (breaking.length > 0) {
    await request.confirm(breaking);
    backup = await request.backUp(breaking.map(({ installed }) => installed!));
  }
  const { timeoutMs } = request;
  await afterBackup(backup, () => applyUpgrades(upgrades, { forceConflicts, timeoutMs }, context));
  return { upgrades, backup };
}

/**
 * Applies upgrades that were found in order, and waits until the API server serves them. Where it is cut off, running it again ends it.
 *
 * @returns the CRDs that were written
 */
export async function applyUpgrades(
  upgrades: readonly CrdUpgrade[],
  { forceConflicts, timeoutMs }: { forceConflicts: boolean; timeoutMs: number },
  context: ActionContext,
): Promise<void> {
  const { client, signal, emit } = context;
  if (signal.aborted) throw new KthenaError('interrupted', 'stopped before the CRDs were applied');
  const changing = upgrades.filter(({ action }) => action !== 'unchanged');
  const applied = await Promise.all(
    changing.map(async ({ wanted, installed }) => {
      if (installed !== undefined) await takeOverInCluster(client, refOf(installed), FIELD_MANAGER);
      const crd = await client.apply(wanted, { fieldManager: FIELD_MANAGER, force: forceConflicts });
      emit({
        type: 'applied',
        ref: crdRef(crd.metadata.name),
        change: installed === undefined ? 'created' : 'configured',
      });
      return { crd, isNew: installed === undefined };
    }),
  );
  await awaitServed(
    client,
    applied.map(({ crd }) => crd),
    timeoutMs,
    context,
  );
  const upgraded = applied.filter(({ isNew }) => !isNew);
  await Promise.all(upgraded.map(({ crd }) => waitUntilSchemaServed(client, crd, { timeoutMs, signal })));
}
