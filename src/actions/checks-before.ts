import type { Bundle } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import type { Emit } from '../events.js';
import { describeFinding, type Finding } from '../preflight/check.js';
import { checksFor } from '../preflight/checks.js';
import type { CheckId } from '../preflight/ids.js';
import { runChecks, type CheckResult } from '../preflight/run.js';
import type { ActionContext } from './context.js';
import type { DeploymentPlan } from './deployment.js';
import type { Prepared } from './prepare.js';
import { subjectOf, type SubjectRequest } from './subject.js';

interface ChecksRequest extends Omit<SubjectRequest, 'createNamespace'> {
  createNamespace?: boolean;
  prepared: Prepared;
  skipChecks: readonly CheckId[];
  plan: DeploymentPlan | Promise<DeploymentPlan>;
}

/** Begins with the checks; they go on beside whatever else is to be found out. */
export function startChecks(
  bundle: Bundle,
  { prepared, skipChecks, plan, createNamespace = true, ...request }: ChecksRequest,
  context: ActionContext,
): Promise<CheckResult[]> {
  const checking = subjectOf(bundle, prepared, { ...request, createNamespace }, context, Promise.resolve(plan)).then(
    (subject) => runChecks(checksFor('before'), skipChecks, subject, context),
  );
  // Where the plan fails nobody waits for the checks.
  checking.catch(() => undefined);
  return checking;
}

interface Found {
  id: CheckId;
  finding: Finding;
}

/**
 * Waits for the checks, and shows their warnings.
 *
 * @param what `install`, `upgrade`: what is refused
 * @param checking undefined where no checks are needed
 * @param refuse throws where the plan cannot be carried out
 * @throws KthenaError what `refuse` throws, with the errors of the checks added to it; else `conflict` with these
 */
export async function checksPassed(
  what: string,
  checking: Promise<CheckResult[]> | undefined,
  { emit }: Pick<ActionContext, 'emit'>,
  refuse: () => Promise<void>,
): Promise<void> {
  const refusal = await refusalOf(refuse);
  const results = (await checking) ?? [];
  warn(results, emit);
  const errors = results
    .flatMap(errorsOf)
    .filter(({ finding }) => refusal === undefined || !saysSame(refusal, finding));
  if (refusal !== undefined) throw errors.length === 0 ? refusal : withErrors(refusal, errors);
  if (errors.length > 0) throw checksError(what, errors);
}

/** Of a check that failed, what it only warns of can wait. */
function warn(results: readonly CheckResult[], emit: Emit): void {
  for (const { id, findings } of results.filter(({ status }) => status === 'warning')) {
    for (const finding of findings.filter(({ severity }) => severity === 'warning')) {
      emit({ type: 'warning', message: `${id}: ${describeFinding(finding)}\n${finding.hint}` });
    }
  }
}

function errorsOf({ id, findings }: CheckResult): Found[] {
  return findings.filter(({ severity }) => severity === 'error').map((finding) => ({ id, finding }));
}

/** What the plan cannot be carried out for is a finding of checks, too, in the same words. */
function saysSame({ message, details }: KthenaError, finding: Finding): boolean {
  return [message, ...details].some((said) => finding.seen === said || finding.seen.startsWith(`${said}\n`));
}

async function refusalOf(refuse: () => Promise<void>): Promise<KthenaError | undefined> {
  try {
    await refuse();
    return undefined;
  } catch (error) {
    if (error instanceof KthenaError && error.code !== 'interrupted') return error;
    throw error;
  }
}

function withErrors(refusal: KthenaError, errors: readonly Found[]): KthenaError {
  return new KthenaError(refusal.code, refusal.message, {
    details: [...refusal.details, ...errors.map(describeError)],
    hint: refusal.hint,
    manifest: manifestOf(errors),
    cause: refusal,
  });
}

function checksError(what: string, errors: readonly Found[]): KthenaError {
  const ids = [...new Set(errors.map(({ id }) => id))];
  return new KthenaError('conflict', `this ${what} would not end well; nothing was written`, {
    details: errors.map(describeError),
    hint: `Run the same command again when this is mended, or leave the check out with --skip-checks=${ids.join(',')}.`,
    manifest: manifestOf(errors),
  });
}

/** The finding with its hint below it. */
function describeError({ id, finding }: Found): string {
  return `${id}: ${describeFinding(finding)}\n${finding.hint}`;
}

function manifestOf(errors: readonly Found[]): string | undefined {
  const manifests = errors.flatMap(({ finding: { manifest } }) => (manifest === undefined ? [] : [manifest]));
  return manifests.length === 0 ? undefined : manifests.join('---\n');
}
