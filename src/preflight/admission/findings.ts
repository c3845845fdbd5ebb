import { refOf, type KubeObject } from '../../kube/object.js';
import type { ReleaseIdentity } from '../../render/scope.js';
import type { Finding } from '../check.js';
import type { CallFailure } from '../webhook-answer.js';
import { servicesOf, webhooksOf } from '../webhooks/configuration.js';
import type { Outcome } from './trial.js';

/** A kind of which a resource was tried. */
export interface Trial {
  kind: string;
  outcome: Outcome;
}

/**
 * What trials of all kinds say about the webhooks of a release; one finding for what has one cause.
 *
 * @param configurations of the release
 */
export function admissionFindings(
  trials: readonly Trial[],
  configurations: readonly KubeObject[],
  release: ReleaseIdentity,
): Finding[] {
  return [...failedCalls(trials, configurations, release), ...denials(trials, configurations), ...untried(trials)];
}

function failedCalls(
  trials: readonly Trial[],
  configurations: readonly KubeObject[],
  release: ReleaseIdentity,
): Finding[] {
  const failed = trials.flatMap(({ kind, outcome }) => (outcome.type === 'failed' ? [{ kind, ...outcome }] : []));
  const causeOf = ({ webhook, cause }: (typeof failed)[number]): string =>
    `${cause} ${serviceOf(webhook, configurations)}`;
  const causes = [...new Set(failed.map(causeOf))];
  return causes.map((one) => {
    const group = failed.filter((trial) => causeOf(trial) === one);
    const { webhook, cause, said } = group[0]!;
    const object = configurationOf(webhook, configurations);
    const service = serviceOf(webhook, configurations);
    return {
      severity: 'error',
      ...(object === undefined ? {} : { object: refOf(object) }),
      seen: `no ${either(group.map(({ kind }) => kind))} can be created, since the call of webhook ${webhook} fails: ${MEANING[cause]} (${said})`,
      hint: callHint(cause, service, release),
    };
  });
}

/** A webhook that says no has been reached; only one of others keeps Kthena's resources out. */
function denials(trials: readonly Trial[], configurations: readonly KubeObject[]): Finding[] {
  return trials.flatMap(({ kind, outcome }): Finding[] => {
    if (outcome.type !== 'denied') return [];
    const { webhook, said } = outcome;
    if (configurationOf(webhook, configurations) !== undefined) {
      return [
        {
          severity: 'info',
          seen: `webhook ${webhook} answers, but does not take the ${kind} of this check: ${said}`,
          hint: 'Nothing need be wrong: the webhook may be newer than this tool.',
        },
      ];
    }
    return [
      {
        severity: 'warning',
        seen: `webhook ${webhook}, which is not of this release, keeps out a simple ${kind}: ${said}`,
        hint: `Look whether the policy behind ${webhook} is meant for the models too; Kthena's own webhooks may not have been asked.`,
      },
    ];
  });
}

/** What was refused without a webhook being asked, as far as the answer shows. */
function untried(trials: readonly Trial[]): Finding[] {
  const refused = trials.flatMap(({ kind, outcome }) => (outcome.type === 'refused' ? [{ kind, ...outcome }] : []));
  const forbidden = refused.filter((trial) => trial.forbidden);
  const others = refused.filter((trial) => !trial.forbidden);
  return [
    ...(forbidden.length === 0
      ? []
      : [
          {
            severity: 'warning' as const,
            seen: `whether the webhooks answer was not tried for ${forbidden.map(({ kind }) => kind).join(', ')}: ${forbidden[0]!.said}`,
            hint: 'Run the check as somebody who may create these resources; nothing is stored by it.',
          },
        ]),
    ...others.map(({ kind, said }) => ({
      severity: 'warning' as const,
      seen: `whether the webhooks answer could not be tried with a ${kind}: ${said}`,
      hint: 'Mend what the API server says, and run the check again.',
    })),
  ];
}

const MEANING: Readonly<Record<CallFailure, string>> = {
  'no-service': 'its Service does not exist',
  'no-port': 'its Service does not have the port',
  'no-endpoints': 'no pod behind its Service is ready',
  'unknown-authority': 'its certificate is not of a CA in the caBundle',
  'wrong-name': 'its certificate is for another name',
  expired: 'its certificate has expired',
  'not-yet-valid': 'its certificate is not valid yet',
  'bad-certificate': 'its certificate cannot be used',
  refused: 'nothing listens at its address',
  unreachable: 'its address cannot be reached',
  timeout: 'it does not answer in time',
  'no-tls': 'what answers does not speak TLS as it should',
  'bad-answer': 'what answers is not the webhook',
  other: 'for a reason of its own',
};

/** What to do about a failed call of one of Kthena's webhooks. */
export function callHint(cause: CallFailure, service: string, { name, namespace }: ReleaseIdentity): string {
  const release = `${name} -n ${namespace}`;
  switch (cause) {
    case 'no-service':
    case 'no-port':
      return `Run kthena upgrade ${release}, which puts Service ${service} back as it should be.`;
    case 'no-endpoints':
    case 'refused':
      return `kthena status ${release} says why the pods behind ${service} are not ready.`;
    case 'unknown-authority':
    case 'wrong-name':
    case 'expired':
    case 'bad-certificate':
      return `kthena certs status ${release} shows what does not fit; kthena certs renew ${release} makes new certificates where they are this tool's own.`;
    case 'not-yet-valid':
      return `Compare the clocks of the nodes with the dates that kthena certs status ${release} shows.`;
    case 'unreachable':
    case 'timeout':
      return `Look whether the API server may reach the pods behind ${service}: a NetworkPolicy, or a firewall between control plane and nodes, must let it through. kthena status ${release} says whether the pods run.`;
    case 'no-tls':
    case 'bad-answer':
    case 'other':
      return `Look at what runs behind Service ${service}, and at its log: kthena status ${release}.`;
  }
}

function configurationOf(webhook: string, configurations: readonly KubeObject[]): KubeObject | undefined {
  return configurations.find((configuration) => webhooksOf(configuration).some(({ name }) => name === webhook));
}

/** `namespace/name` of the Service that a webhook calls. */
function serviceOf(webhook: string, configurations: readonly KubeObject[]): string {
  const configuration = configurationOf(webhook, configurations);
  const [service] = configuration === undefined ? [] : servicesOf(configuration);
  return service === undefined ? 'of the webhook' : `${service.namespace}/${service.name}`;
}

function either(kinds: readonly string[]): string {
  return kinds.length === 1 ? kinds[0]! : `${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)}`;
}
