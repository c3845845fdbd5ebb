import type { KubeObject, ObjectRef } from '../kube/object.js';
import { formatRef, refOf } from '../kube/object.js';
import { certificatesOf, fromCaBundle } from './bundle.js';
import { examine, type Problem, type ProblemKind } from './examine.js';
import { keyPairIn, SECRET_KEYS } from './secret.js';
import type { CallingConfiguration } from './serving.js';
import { isOlderThanSecret } from './staleness.js';
import type { CertificateUse } from './uses.js';

/** What was found in the cluster of a certificate. */
export interface CertificateState {
  use: CertificateUse;
  /** Undefined where it does not exist. */
  secret: KubeObject | undefined;
  /** In the order of `use.configurations`; undefined for one that does not exist. */
  configurations: (KubeObject | undefined)[];
  /** That serve it; empty where that is not known. */
  pods: ServingPod[];
}

export interface ServingPod {
  pod: KubeObject;
  /** The certificate that it was seen to serve, as PEM; undefined where it could not be asked. */
  served: string | undefined;
}

/**
 * Where the parts of a certificate do not agree. `missing` the Secret or a configuration is, `ca-bundle` there is none that
 * can be read, `untrusted` it is another CA's, `restart` pods serve the certificate of before; the others are problems of
 * the certificate itself.
 */
export interface Disagreement {
  cause: ProblemKind | 'ca-bundle' | 'untrusted' | 'restart';
  /** A warning where it still works. */
  severity: 'error' | 'warning';
  object: ObjectRef;
  message: string;
}

/** Everything that is wrong with a certificate, its parts, and those that should trust it. */
export function judge({ use, secret, configurations, pods }: CertificateState, now: Date): Disagreement[] {
  if (secret === undefined) {
    return [{ cause: 'missing', severity: 'error', object: use.secret, message: 'does not exist' }];
  }
  const pair = keyPairIn(secret);
  // What clients of the router trust is their own affair, and its Secret need not hold a CA.
  const ca = use.for === 'router' ? undefined : pair.ca;
  const own = examine({ ...pair, ca, names: use.names, now }).map((problem) => inSecret(problem, use.secret));
  const trust = use.configurations.flatMap((configuration, index) =>
    trustProblems(configuration, configurations[index], pair.certificate, now),
  );
  return [...own, ...trust, ...pods.flatMap((pod) => podProblems(pod, { use, secret, configurations, pods }, now))];
}

function inSecret({ kind, part, message }: Problem, object: ObjectRef): Disagreement {
  return {
    cause: kind,
    severity: kind === 'expiring' ? 'warning' : 'error',
    object,
    message: `${SECRET_KEYS[part]}: ${message}`,
  };
}

interface Webhook {
  name: string;
  clientConfig?: { caBundle?: string };
}

function webhooksOf(configuration: KubeObject, names: readonly string[]): Webhook[] {
  return ((configuration['webhooks'] ?? []) as Webhook[]).filter(({ name }) => names.includes(name));
}

function bundleOf({ clientConfig }: Webhook): string {
  return clientConfig?.caBundle ?? '';
}

/** Whether the API server, with the caBundle of each webhook, would trust the certificate. */
function trustProblems(
  { webhooks: names, ...ref }: CallingConfiguration,
  live: KubeObject | undefined,
  certificate: string,
  now: Date,
): Disagreement[] {
  if (live === undefined) return [{ cause: 'missing', severity: 'error', object: ref, message: 'does not exist' }];
  const webhooks = webhooksOf(live, names);
  const bundles = [...new Set(webhooks.map(bundleOf))];
  return bundles.flatMap((bundle) => {
    const own = webhooks.filter((webhook) => bundleOf(webhook) === bundle);
    const problem = bundleProblem(bundle, certificate, now);
    if (problem === undefined) return [];
    const { cause, is } = problem;
    const which = own.length === webhooks.length ? '' : ` of ${own.map(({ name }) => name).join(', ')}`;
    return [{ cause, severity: 'error' as const, object: ref, message: `caBundle${which} ${is}` }];
  });
}

/** What is wrong with the certificate itself is said elsewhere; here only what another bundle would mend. */
function bundleProblem(
  bundle: string,
  certificate: string,
  now: Date,
): { cause: 'ca-bundle' | 'untrusted'; is: string } | undefined {
  if (bundle === '') {
    return { cause: 'ca-bundle', is: 'is empty: the API server trusts nobody, and refuses what the webhooks are for' };
  }
  const problems = examine({ certificate, ca: fromCaBundle(bundle), names: [], now });
  const own = problems.find(({ part, kind }) => part === 'ca' && kind !== 'expiring');
  if (own === undefined) return undefined;
  if (own.kind === 'unreadable' || own.kind === 'missing')
    return { cause: 'ca-bundle', is: `cannot be used: ${own.message}` };
  return { cause: 'untrusted', is: `does not trust the certificate in the Secret: ${own.message}` };
}

/** By what the pod serves where that was seen, else by whether it can have seen what the Secret holds now. */
function podProblems(
  { pod, served }: ServingPod,
  state: CertificateState & { secret: KubeObject },
  now: Date,
): Disagreement[] {
  const { secret, use } = state;
  const object = refOf(pod);
  if (served === undefined) {
    if (!isOlderThanSecret(pod, secret)) return [];
    const message = `runs since before ${formatRef(use.secret)} was changed, and serves the certificate of before`;
    return [{ cause: 'restart', severity: 'warning', object, message }];
  }
  if (sameLeaf(served, keyPairIn(secret).certificate)) return [];
  const refused = refusalOf(served, state, now);
  const message = `serves another certificate than ${formatRef(use.secret)} holds`;
  return refused === undefined
    ? [{ cause: 'restart', severity: 'warning', object, message }]
    : [{ cause: 'restart', severity: 'error', object, message: `${message}, and it does not do: ${refused}` }];
}

function sameLeaf(one: string, other: string): boolean {
  return certificatesOf(one)[0]?.fingerprint256 === certificatesOf(other)[0]?.fingerprint256;
}

/** Why a certificate that is served would not be accepted, by any of those that are to trust it. */
function refusalOf(served: string, { use, configurations }: CertificateState, now: Date): string | undefined {
  const bundles = configurations.flatMap((configuration, index) =>
    configuration === undefined ? [] : webhooksOf(configuration, use.configurations[index]!.webhooks).map(bundleOf),
  );
  const trusted = bundles.length === 0 ? [undefined] : bundles.filter((bundle) => bundle !== '').map(fromCaBundle);
  return trusted
    .flatMap((ca) => examine({ certificate: served, ca, names: use.names, now }))
    .find(({ kind }) => kind !== 'expiring')?.message;
}
