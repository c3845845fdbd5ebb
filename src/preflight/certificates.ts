import { judge, type Disagreement } from '../certs/judge.js';
import { plannedState, readState } from '../certs/read-state.js';
import { certificateUses, type CertificateUse } from '../certs/uses.js';
import { keyOf, refOf } from '../kube/object.js';
import { hintFor } from './certificate-hints.js';
import type { Check, CheckContext, Finding, Subject } from './check.js';
import { planned } from './planned.js';

/**
 * Before an install it looks at the Secrets that must be there already; of what is installed, whether Secrets, caBundles
 * and pods agree. What a pod serves is seen through a forwarded port; where that does not come about, it is concluded from
 * when the pod started.
 */
export const certificates: Check = {
  id: 'certificates',
  title: 'the serving certificates',
  when: 'always',
  run: async (subject, context) => {
    const uses = certificateUses(subject.objects);
    const look = subject.plan === undefined ? findingsAfter : findingsBefore;
    return (await Promise.all(uses.map((use) => look(use, subject, context)))).flat();
  },
};

async function findingsAfter(use: CertificateUse, { release }: Subject, context: CheckContext): Promise<Finding[]> {
  const disagreements = judge(await readState(context.client, use, context.signal), context.now());
  return disagreements.filter(isOwn).map((disagreement) => ({
    ...findingOf(disagreement),
    severity: disagreement.severity,
    hint: hintFor(disagreement, use, release),
  }));
}

async function findingsBefore(use: CertificateUse, subject: Subject, context: CheckContext): Promise<Finding[]> {
  const given = (subject.certificates ?? []).some(({ secret }) => keyOf(secret) === keyOf(use.secret));
  // Those of cert-manager are still to be made, whatever is there.
  if (given || use.mode === 'cert-manager') return [];
  // In mode auto the CA comes into the configurations together with the Secret.
  const judged = use.mode === 'auto' ? { ...use, configurations: [] } : use;
  const state = await plannedState(context.client, judged, subject.objects);
  if (use.mode === 'auto') return state.secret === undefined ? [] : judge(state, context.now()).map(renewedFinding);
  const isWorse = await changesTrust(use, subject);
  return judge(state, context.now()).map((disagreement) => ({
    ...findingOf(disagreement),
    severity: isWorse ? severityBefore(disagreement, use) : 'warning',
    hint: hintFor(disagreement, use, subject.release),
  }));
}

/** Whether webhooks come to trust something else. Where they do not, what is wrong with a certificate is so already, and stops nothing. */
async function changesTrust(use: CertificateUse, subject: Subject): Promise<boolean> {
  const plan = await planned(subject);
  if (plan === undefined || use.for === 'router') return true;
  const own = new Set(use.configurations.map(keyOf));
  return plan.found.objects.changes
    .filter(({ object }) => own.has(keyOf(refOf(object))))
    .some(
      (change) =>
        change.action === 'create' ||
        ('differences' in change && change.differences.some(({ path }) => path.endsWith('.clientConfig.caBundle'))),
    );
}

/** A configuration that is gone, or trusts nobody, is found by the check of the webhooks. */
function isOwn({ cause, object }: Disagreement): boolean {
  return object.kind === 'Secret' || (cause !== 'missing' && cause !== 'ca-bundle');
}

/** The pods of the router start as soon as somebody makes its Secret; the webhooks would go on with one of their own. */
function severityBefore({ cause, severity }: Disagreement, use: CertificateUse): Finding['severity'] {
  return use.for === 'router' && cause === 'missing' ? 'warning' : severity;
}

function renewedFinding(disagreement: Disagreement): Finding {
  return {
    ...findingOf(disagreement),
    severity: 'info',
    hint: 'Nothing need be done: the certificate is renewed with this install or upgrade.',
  };
}

function findingOf({ object, message }: Disagreement): Pick<Finding, 'object' | 'seen'> {
  return { object, seen: message };
}
