import type { Bundle } from '../bundle/bundle.js';
import type { Release } from '../release/release.js';
import { ReleaseStore } from '../release/store.js';
import type { ActionContext } from './context.js';
import { planPrepared, type DeploymentPlan } from './deployment.js';
import { prepare, type Prepared } from './prepare.js';
import { planUpgrade, type UpgradePlanRequest } from './upgrade-plan.js';

export type DiffRequest = Omit<UpgradePlanRequest, 'goOn' | 'orInstall'>;

/** What an install or upgrade would do. */
export interface DiffResult {
  /** The newest revision; undefined where it would be an install. */
  latest: Release | undefined;
  remark?: string;
  prepared: Prepared;
  plan: DeploymentPlan;
}

/** Compares what these values make with the cluster. Writes nothing, and refuses nothing but values: what is in the way is in the plan. */
export async function diff(bundle: Bundle, request: DiffRequest, context: ActionContext): Promise<DiffResult> {
  const planned = await planUpgrade(bundle, { ...request, goOn: false, orInstall: true }, context);
  if (planned === undefined) return diffInstall(bundle, request, context);
  const { start, prepared, plan } = planned;
  const { latest, interrupted, remark } = start;
  const remarks = interrupted ? { remark: `the upgrade to revision ${latest.version} was interrupted` } : {};
  return { latest, prepared, plan, ...(remark === undefined ? remarks : { remark }) };
}

async function diffInstall(bundle: Bundle, request: DiffRequest, context: ActionContext): Promise<DiffResult> {
  const { release, values } = request;
  const prepared = await prepare(bundle, { release, ...values, signal: context.signal });
  const history = await new ReleaseStore(context.client, release.namespace, context.now).history(release.name);
  const plan = await planPrepared(bundle, prepared, { ...request, history }, context);
  return { latest: undefined, prepared, plan };
}
