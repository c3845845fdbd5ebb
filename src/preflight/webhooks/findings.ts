import { keyOf, refOf, type KubeObject } from '../../kube/object.js';
import { isOwnedBy } from '../../plan/ownership.js';
import type { ReleaseIdentity } from '../../render/scope.js';
import { caBundleProblem } from '../../values/ca-bundle.js';
import { isInjected } from '../../wait/status/webhooks.js';
import type { Finding } from '../check.js';
import { servicesOf, webhooksOf } from './configuration.js';
import type { CalledService, Observed } from './observe.js';

/** The webhook configurations that a release has or is to have, by key. */
export type Desired = ReadonlyMap<string, KubeObject>;

/**
 * Before an install or upgrade: configurations that would go on calling what is not there. Those that the change itself sets right, or
 * removes, are none of them.
 */
export function findingsBefore(live: readonly Observed[], desired: Desired, release: ReleaseIdentity): Finding[] {
  return live.flatMap(({ configuration, services }) => {
    const wanted = desired.get(keyOf(refOf(configuration)));
    if (wanted === undefined && isOwnedBy(configuration, release)) return [];
    const provided = wanted === undefined ? [] : servicesOf(wanted).map(nameOf);
    const dead = services.filter((service) => service.state !== 'ready' && !provided.includes(nameOf(service)));
    return dead.map((service) => leftover(configuration, service, wanted !== undefined));
  });
}

/** Of what is installed: configurations of the release that are called in vain, and what others left over. One that is gone calls nobody. */
export function findingsAfter(live: readonly Observed[], desired: Desired, release: ReleaseIdentity): Finding[] {
  return live.flatMap((observed) => {
    const wanted = desired.get(keyOf(refOf(observed.configuration)));
    if (wanted !== undefined) return ownFindings(observed, wanted, release);
    const dead = observed.services.filter(({ state }) => state !== 'ready');
    return dead.map((service) => leftover(observed.configuration, service, false));
  });
}

function ownFindings({ configuration, services }: Observed, wanted: KubeObject, release: ReleaseIdentity): Finding[] {
  const object = refOf(configuration);
  const namespaces = servicesOf(wanted).map(({ namespace }) => namespace);
  const elsewhere = services.find(({ namespace }) => !namespaces.includes(namespace));
  if (elsewhere !== undefined) {
    return [
      {
        severity: 'error',
        object,
        seen: `it calls Service ${nameOf(elsewhere)}, which is not of this release`,
        hint: `Another install has taken it over. Remove that one, then run kthena upgrade ${flagsOf(release)} --take-ownership.`,
      },
    ];
  }
  const dead = services
    .filter(({ state }) => state !== 'ready')
    .map((service) => notServed(configuration, service, release));
  return [...dead, ...caBundleFindings(configuration, release)];
}

function notServed(configuration: KubeObject, service: CalledService, release: ReleaseIdentity): Finding {
  return {
    severity: 'error',
    object: refOf(configuration),
    seen: `${effectOf(configuration)}: ${describeState(service)}`,
    hint:
      service.state === 'missing'
        ? `Run kthena upgrade ${flagsOf(release)}, which makes the Service again.`
        : `kthena status ${flagsOf(release)} says why no pod is ready.`,
  };
}

function caBundleFindings(configuration: KubeObject, release: ReleaseIdentity): Finding[] {
  const called = webhooksOf(configuration).filter(({ clientConfig }) => clientConfig.service !== undefined);
  const [broken] = called.flatMap(({ name, clientConfig: { caBundle = '' } }) => {
    const problem = caBundleProblem(caBundle);
    return problem === undefined ? [] : [{ name, problem }];
  });
  if (broken === undefined) return [];
  return [
    {
      severity: 'error',
      object: refOf(configuration),
      seen: `the caBundle of webhook ${broken.name} ${broken.problem}, so that the API server cannot trust its certificate`,
      hint: isInjected(configuration)
        ? `cert-manager's CA injector writes it: look whether the Certificate is ready, and whether cainjector runs (kubectl get certificate -n ${release.namespace}).`
        : `kthena certs renew ${flagsOf(release)} writes it anew; with certificates of your own, it is the value global.webhook.caBundle.`,
    },
  ];
}

/**
 * One that calls a Service which nobody will bring back, or which is down.
 *
 * @param isTaken an install makes a configuration of this name its own, if it may
 */
function leftover(configuration: KubeObject, service: CalledService, isTaken: boolean): Finding {
  const { kind, metadata } = configuration;
  const remove = `kubectl delete ${kind.toLowerCase()} ${metadata.name}`;
  return {
    severity: service.state === 'missing' && !isTaken && refuses(configuration) ? 'error' : 'warning',
    object: refOf(configuration),
    seen: `${effectOf(configuration)}: ${describeState(service)}`,
    hint:
      service.state === 'missing'
        ? `It is left over from another install. Remove it: ${remove}`
        : `Start what answers there; or, if that is left over from another install, remove it: ${remove}`,
  };
}

function effectOf(configuration: KubeObject): string {
  return refuses(configuration) ? 'it refuses every Kthena resource that it covers' : 'it is asked in vain';
}

function refuses(configuration: KubeObject): boolean {
  // The default of the API is Fail.
  return webhooksOf(configuration).some(({ failurePolicy }) => failurePolicy !== 'Ignore');
}

function describeState(service: CalledService): string {
  return service.state === 'missing'
    ? `Service ${nameOf(service)} does not exist`
    : `Service ${nameOf(service)} has no ready endpoint`;
}

function nameOf({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}

function flagsOf({ name, namespace }: ReleaseIdentity): string {
  return `${name} -n ${namespace}`;
}
