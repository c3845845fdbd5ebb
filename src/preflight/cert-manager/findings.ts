import { refOf, type KubeObject } from '../../kube/object.js';
import { statusOf } from '../../wait/status.js';
import type { Outcome } from '../admission/trial.js';
import type { Finding } from '../check.js';
import { describeProblems, type FoundCrd } from '../needed-crds.js';
import type { CallFailure } from '../webhook-answer.js';

/** How to get on without cert-manager, or to it. */
const INSTALL =
  'Install cert-manager (https://cert-manager.io/docs/installation), or let this tool make the certificates: --set global.certManagementMode=auto.';

export function crdFindings(found: readonly FoundCrd[]): Finding[] {
  const problems = describeProblems(found);
  if (problems.length === 0) return [];
  const isThere = found.some(({ crd }) => crd !== undefined);
  return [
    {
      severity: 'error',
      seen: isThere ? problems.join('; ') : `cert-manager is not installed: ${problems.join('; ')}`,
      hint: isThere
        ? `Bring cert-manager up to a version that serves these kinds as v1, 1.0 or later. ${INSTALL}`
        : INSTALL,
    },
  ];
}

/** What the API server, and through it cert-manager's webhook, says of an object of the release. */
export function trialFindings(object: KubeObject, outcome: Outcome): Finding[] {
  const ref = refOf(object);
  switch (outcome.type) {
    case 'admitted':
      return [];
    case 'denied':
      return [
        {
          severity: 'error',
          object: ref,
          seen: `webhook ${outcome.webhook} does not take it: ${outcome.said}`,
          hint: 'The install would be refused in the same way: change the values it is made from, or the policy behind the webhook.',
        },
      ];
    case 'failed':
      return [
        {
          severity: 'error',
          object: ref,
          seen: `it cannot be created, since cert-manager's webhook ${outcome.webhook} does not answer: ${outcome.said}`,
          hint: callHint(outcome.cause),
        },
      ];
    case 'refused':
      return [
        {
          severity: 'warning',
          object: ref,
          seen: `whether cert-manager's webhook answers could not be tried: ${outcome.said}`,
          hint: outcome.forbidden
            ? 'Run the check as somebody who may create it; nothing is stored by it.'
            : 'Mend what the API server says, and run the check again.',
        },
      ];
  }
}

/** What to do about a webhook of cert-manager that cannot be called. */
export function callHint(cause: CallFailure): string {
  switch (cause) {
    case 'no-service':
    case 'no-port':
      return `cert-manager was removed but for its webhook configurations, or is damaged: install it again, or delete what is left (kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations).`;
    case 'no-endpoints':
    case 'refused':
      return 'Its webhook does not run, or has just been installed: wait until kubectl get deployments -A -l app.kubernetes.io/name=webhook shows it as available.';
    case 'unknown-authority':
    case 'wrong-name':
    case 'expired':
    case 'not-yet-valid':
    case 'bad-certificate':
      return "cert-manager's cainjector has not written the webhook's CA yet, or does not run: kubectl get deployments -A -l app.kubernetes.io/name=cainjector. Right after an install it takes up to a minute.";
    case 'unreachable':
    case 'timeout':
      return "The API server does not reach cert-manager's webhook: a NetworkPolicy, or a firewall between control plane and nodes, must let it through to port 10250 of the pod.";
    case 'no-tls':
    case 'bad-answer':
    case 'other':
      return "Look at the log of cert-manager's webhook: kubectl logs -A -l app.kubernetes.io/name=webhook.";
  }
}

/** The programs of cert-manager that a release needs, by their label. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  'cert-manager': 'issues the certificates',
  cainjector: 'writes the CA into the webhook configurations',
};

/** @param deployments those with one of the labels, of all namespaces */
export function programFindings(deployments: readonly KubeObject[]): Finding[] {
  return Object.entries(PROGRAMS).flatMap(([program, task]): Finding[] => {
    const own = deployments.filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === program);
    if (own.length === 0) {
      return [
        {
          severity: 'warning',
          seen: `no Deployment has the label app.kubernetes.io/name=${program}: nobody may be there who ${task}`,
          hint: 'Look whether cert-manager is installed in full. If it runs under other labels, nothing is wrong.',
        },
      ];
    }
    if (own.some(isAvailable)) return [];
    return own.map((deployment) => ({
      severity: 'warning',
      object: refOf(deployment),
      seen: `it ${task}, and is not available: ${statusOf(deployment).message}`,
      hint: `Until it is, the install waits for its certificates: kubectl describe deployment ${deployment.metadata.name} -n ${deployment.metadata.namespace}`,
    }));
  });
}

/** Scaled to 0 it is as it should be, but does nothing. */
function isAvailable(deployment: KubeObject): boolean {
  const { replicas } = deployment['spec'] as { replicas?: number };
  return replicas !== 0 && statusOf(deployment).state === 'ready';
}
