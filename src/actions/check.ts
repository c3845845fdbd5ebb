import type { Bundle } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import type { KubeObject } from '../kube/object.js';
import type { Check, Subject } from '../preflight/check.js';
import { checksFor } from '../preflight/checks.js';
import type { CheckId } from '../preflight/ids.js';
import { isNoAnswer } from '../preflight/unanswered.js';
import { noAnswerResults, runChecks, type CheckResult } from '../preflight/run.js';
import { manifestObjects } from '../release/manifest-objects.js';
import { releaseNotFound } from '../release/not-found.js';
import type { Release } from '../release/release.js';
import { ReleaseStore } from '../release/store.js';
import { crdsFor } from '../render/render.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { mergeValues } from '../values/merge.js';
import type { Values } from '../values/value.js';
import { bundledCrds } from './bundled-crds.js';
import type { ActionContext } from './context.js';
import { readable } from './deployable.js';
import { prepare } from './prepare.js';
import { subjectOf } from './subject.js';
import { prepareUpgrade, type UpgradePlanRequest } from './upgrade-plan.js';

export interface CheckReport {
  release: ReleaseIdentity;
  /** `before` an install or upgrade, or `after` it. */
  phase: 'before' | 'after';
  results: CheckResult[];
}

export interface CheckBeforeRequest extends Omit<UpgradePlanRequest, 'goOn' | 'orInstall'> {
  createNamespace: boolean;
  skipChecks: readonly CheckId[];
}

/** Whether an install or upgrade with these values would end well. Writes nothing. */
export async function checkBefore(
  bundle: Bundle,
  request: CheckBeforeRequest,
  context: ActionContext,
): Promise<CheckReport> {
  const { release, skipChecks } = request;
  const checks = checksFor('before');
  const results = await resultsOf(checks, skipChecks, context, () => subjectBefore(bundle, request, context));
  return { release, phase: 'before', results };
}

async function subjectBefore(bundle: Bundle, request: CheckBeforeRequest, context: ActionContext): Promise<Subject> {
  const { release, values } = request;
  // Where no record may be read there is none as far as anybody can tell; that it may not is a finding of the rights.
  const { releases: history } = await readable(
    new ReleaseStore(context.client, release.namespace, context.now).history(release.name),
  );
  const upgrade = await prepareUpgrade(bundle, { ...request, goOn: false, orInstall: true }, history, context);
  const prepared = upgrade?.prepared ?? (await prepare(bundle, { release, ...values, signal: context.signal }));
  return subjectOf(bundle, prepared, { ...request, wait: true, history }, context);
}

export interface CheckInstalledRequest {
  release: ReleaseIdentity;
  skipChecks: readonly CheckId[];
}

/**
 * Whether what is installed is as it should be. Writes nothing.
 *
 * @param bundle of which the CRDs are compared with those of the cluster
 * @throws KthenaError `not-found`
 */
export async function checkInstalled(
  bundle: Bundle,
  { release, skipChecks }: CheckInstalledRequest,
  context: ActionContext,
): Promise<CheckReport> {
  const checks = checksFor('after');
  const results = await resultsOf(checks, skipChecks, context, () => installedSubject(bundle, release, context));
  return { release, phase: 'after', results };
}

async function installedSubject(
  bundle: Bundle,
  release: ReleaseIdentity,
  { client, now }: ActionContext,
): Promise<Subject> {
  const history = await new ReleaseStore(client, release.namespace, now).history(release.name);
  const latest = history.at(-1);
  if (latest === undefined || latest.info.status === 'uninstalled') throw releaseNotFound(release, NOT_YET);
  const values = recordedValues(latest);
  const [objects, crds] = await Promise.all([
    manifestObjects(client, latest),
    crdsOf(bundle, mergeValues(bundle.defaults as Values, values), release),
  ]);
  const policy = { createNamespace: false, wait: false, forceConflicts: false };
  return { release, values, objects, crds, history, ...policy };
}

/** CRDs of the components that are switched on; all where this bundle cannot make sense of the values of another version. */
async function crdsOf(bundle: Bundle, values: Values, release: ReleaseIdentity): Promise<KubeObject[]> {
  let names: string[];
  try {
    names = crdsFor(bundle, values, release);
  } catch (error) {
    if (error instanceof KthenaError) return bundledCrds(bundle);
    throw error;
  }
  return names.length === 0 ? [] : bundledCrds(bundle, { names });
}

const NOT_YET = 'kthena check --pre looks at the cluster before an install.';

function recordedValues({ chart, config }: Release): Values {
  return mergeValues((chart.values ?? {}) as Values, config as Values);
}

/** Where the server answers nothing there is no subject either. */
async function resultsOf(
  checks: readonly Check[],
  skip: readonly CheckId[],
  context: ActionContext,
  read: () => Promise<Subject>,
): Promise<CheckResult[]> {
  let subject: Subject;
  try {
    subject = await read();
  } catch (error) {
    if (!isNoAnswer(error) || skip.includes('server')) throw error;
    return noAnswerResults(checks, error);
  }
  return runChecks(checks, skip, subject, context);
}
