import type { KthenaError } from '../errors.js';
import type { Check, CheckContext, Finding, Subject } from './check.js';
import type { CheckId } from './ids.js';
import { isNoAnswer, refusedFinding } from './unanswered.js';

export type CheckStatus = 'passed' | 'warning' | 'failed' | 'skipped';

export interface CheckResult {
  id: CheckId;
  title: string;
  /** By its worst finding; an info leaves it passed. */
  status: CheckStatus;
  findings: Finding[];
}

/** The check that reports a server which does not answer, or does not know the caller: the others have nothing to say then. */
const SERVER: CheckId = 'server';

/**
 * Runs all checks side by side.
 *
 * @param skip ids of those that are only listed
 * @throws KthenaError where a check could not be made at all and none is there that reports it
 */
export function runChecks(
  checks: readonly Check[],
  skip: readonly CheckId[],
  subject: Subject,
  context: CheckContext,
): Promise<CheckResult[]> {
  const reportsNoAnswer = checks.some(({ id }) => id === SERVER && !skip.includes(id));
  return Promise.all(
    checks.map(async (check) => {
      if (skip.includes(check.id)) return resultOf(check, undefined);
      try {
        return resultOf(check, await check.run(subject, context));
      } catch (error) {
        if (!isNoAnswer(error)) return resultOf(check, [refusedFinding(error)]);
        if (reportsNoAnswer) return noAnswerResult(check, error);
        throw error;
      }
    }),
  );
}

/** The results where it is known already that the server does not answer. */
export function noAnswerResults(checks: readonly Check[], error: KthenaError): CheckResult[] {
  return checks.map((check) => noAnswerResult(check, error));
}

function noAnswerResult(check: Check, { message, hint }: KthenaError): CheckResult {
  if (check.id !== SERVER) return resultOf(check, undefined);
  const finding: Finding = { severity: 'error', seen: message.replace(/\.$/, ''), hint: hint ?? REACH };
  return resultOf(check, [finding]);
}

const REACH = 'Look at the address in the kubeconfig, and at VPN, firewall and proxy.';

/** @param findings undefined where the check was not made */
function resultOf({ id, title }: Check, findings: Finding[] | undefined): CheckResult {
  return { id, title, status: findings === undefined ? 'skipped' : statusOf(findings), findings: findings ?? [] };
}

function statusOf(findings: readonly Finding[]): CheckStatus {
  if (findings.some(({ severity }) => severity === 'error')) return 'failed';
  return findings.some(({ severity }) => severity === 'warning') ? 'warning' : 'passed';
}
