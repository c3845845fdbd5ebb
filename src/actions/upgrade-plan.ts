import { isDeepStrictEqual } from 'node:util';
import type { Bundle } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import { isUnfinishedInstall } from '../release/install-start.js';
import { requireValues, type Release } from '../release/release.js';
import { ReleaseStore } from '../release/store.js';
import { upgradeStart, type UpgradeStart } from '../release/upgrade-start.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { formerDefaults } from '../values/carry.js';
import { mergeUserValues } from '../values/merge.js';
import { recordedUserValues, type UserValues } from '../values/read.js';
import type { Values } from '../values/value.js';
import { checkCaBundle } from './ca-bundle.js';
import type { ActionContext } from './context.js';
import { objectChanges, planPrepared, type DeploymentPlan } from './deployment.js';
import { prepare, type PrepareRequest, type Prepared } from './prepare.js';

/** Which values an upgrade begins with; in Helm's words. */
export type ValuesMode =
  /** The user's values of before, on the defaults of now. */
  | 'reset-then-reuse'
  /** The user's values and the defaults of before. */
  | 'reuse'
  /** The defaults of now. */
  | 'reset';

export interface UpgradePlanRequest {
  release: ReleaseIdentity;
  values: Omit<PrepareRequest, 'release' | 'earlier' | 'signal'>;
  mode: ValuesMode;
  skipCrds: boolean;
  takeOwnership: boolean;
  forceConflicts: boolean;
  /** Go on with the values of the revision that was interrupted. */
  goOn: boolean;
  /** Leave it to an install where there is nothing to upgrade yet: also where an earlier one did not come to its end. */
  orInstall: boolean;
}

/** Where an upgrade begins, and what it is to end in. */
export interface PreparedUpgrade {
  start: UpgradeStart;
  prepared: Prepared;
}

/** Everything that is known of an upgrade before anything is written. */
export interface PlannedUpgrade extends PreparedUpgrade {
  store: ReleaseStore;
  history: Release[];
  plan: DeploymentPlan;
}

/**
 * Finds out what an upgrade would change. Writes nothing.
 *
 * @returns undefined where there is no such release, or an install is to end what it began
 * @throws KthenaError `values` for values that do not fit, the carried ones included; `conflict` where the release is being removed
 */
export async function planUpgrade(
  bundle: Bundle,
  request: UpgradePlanRequest,
  context: ActionContext,
): Promise<PlannedUpgrade | undefined> {
  const { release } = request;
  const store = new ReleaseStore(context.client, release.namespace, context.now);
  const history = await store.history(release.name);
  const upgrade = await prepareUpgrade(bundle, request, history, context);
  if (upgrade === undefined) return undefined;
  const plan = await planPrepared(bundle, upgrade.prepared, { ...request, history }, context);
  return { ...upgrade, store, history, plan };
}

/** The part of `planUpgrade` that asks no cluster. */
export async function prepareUpgrade(
  bundle: Bundle,
  request: UpgradePlanRequest,
  history: readonly Release[],
  { signal }: Pick<ActionContext, 'signal'>,
): Promise<PreparedUpgrade | undefined> {
  const [first, ...others] = history;
  if (first === undefined || history.at(-1)!.info.status === 'uninstalled') return undefined;
  if (request.orInstall && isUnfinishedInstall(history)) return undefined;
  const start = upgradeStart([first, ...others]);
  const prepared = await prepareFrom(bundle, request, start, signal);
  checkCaBundle(prepared);
  return { start, prepared };
}

function prepareFrom(
  bundle: Bundle,
  request: UpgradePlanRequest,
  start: UpgradeStart,
  signal: AbortSignal,
): Promise<Prepared> {
  const { release, values, mode, goOn } = request;
  if (goOn && !start.interrupted) throw nothingToContinue(start);
  const base = goOn ? start.latest : start.base;
  const earlier = mode === 'reset' ? undefined : earlierValues(bundle, base, mode);
  return prepare(bundle, { release, ...values, signal, ...(earlier === undefined ? {} : { earlier }) });
}

function earlierValues(bundle: Bundle, release: Release, mode: ValuesMode): UserValues {
  requireValues(release);
  const { name, version, config, chart } = release;
  const former = mode === 'reuse' ? formerDefaults((chart.values ?? {}) as Values, bundle.defaults as Values) : {};
  return recordedUserValues(mergeUserValues(former, config as Values), `revision ${version} of release ${name}`);
}

/** Whether an upgrade would leave cluster and record as they are. */
export function isUnchanged({ start, prepared, plan }: PlannedUpgrade, bundle: Bundle): boolean {
  const { latest } = start;
  const { version, appVersion } = latest.chart.metadata;
  return (
    latest.info.status === 'deployed' &&
    version === bundle.version &&
    appVersion === bundle.appVersion &&
    isDeepStrictEqual(latest.config, prepared.user.values) &&
    [...plan.upgrades, ...objectChanges(plan)].every(({ action }) => action === 'unchanged')
  );
}

function nothingToContinue({ latest }: UpgradeStart): KthenaError {
  return new KthenaError('usage', `--continue: no upgrade of release ${latest.name} was interrupted`, {
    details: [`revision ${latest.version} is ${latest.info.status}`],
    hint: 'Run kthena upgrade without --continue.',
  });
}
