import { refOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import { certificateSecret, podPortOf, type PodSpec, type ServicePort } from './pod-spec.js';

/** `auto`: the CA is written into the cluster at run time; `manual`: the objects carry it; `cert-manager`: it injects it. */
export type CertificateMode = 'auto' | 'cert-manager' | 'manual';

/** A webhook configuration, and those of its webhooks that call the service. */
export interface CallingConfiguration extends ObjectRef {
  webhooks: string[];
}

/** A service that webhook configurations call, and what its certificate has to be. */
export interface ServedWebhooks {
  service: { name: string; namespace: string };
  configurations: CallingConfiguration[];
  deployment: ObjectRef;
  /** The Secret that the Deployment mounts for its webhook server. */
  secret: ObjectRef;
  /** The name that the API server asks for. */
  serverName: string;
  /** All names a certificate for it is made for. */
  names: string[];
  mode: CertificateMode;
  /** The port of the pods behind the port that is called, where the objects tell. */
  podPort: number | undefined;
}

interface Webhook {
  name: string;
  clientConfig?: { caBundle?: string; service?: { name: string; namespace: string; port?: number } };
}

interface ServiceSpec {
  selector?: Record<string, string>;
  ports?: ServicePort[];
}

interface PodTemplate {
  metadata?: { labels?: Record<string, string> };
  spec?: PodSpec;
}

interface Call {
  configuration: KubeObject;
  webhook: Webhook;
  service: { name: string; namespace: string; port: number };
}

const INJECTED = 'cert-manager.io/inject-';
const KINDS = new Set(['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']);
const STANDARD_PORT = 443;

/**
 * The services behind the webhooks of a release, found along its objects: webhook configuration, service, Deployment with
 * the pods it selects, Secret volume. What calls a service that is not among the objects, or one without such a
 * Deployment, is not this release's to serve and left out.
 *
 * @param all rendered or recorded
 * @param namespace of the objects that name none
 */
export function servedWebhooks(all: readonly KubeObject[], namespace?: string): ServedWebhooks[] {
  const objects = namespace === undefined ? all : all.map((object) => placedIn(object, namespace));
  const calls = objects.flatMap(callsOf);
  return distinct(calls.map(({ service }) => `${service.namespace}/${service.name}`)).flatMap((key) => {
    const own = calls.filter(({ service }) => `${service.namespace}/${service.name}` === key);
    const served = servedBy(own, objects);
    return served === undefined ? [] : [served];
  });
}

function placedIn(object: KubeObject, namespace: string): KubeObject {
  if (object.metadata.namespace !== undefined || KINDS.has(object.kind)) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}

function callsOf(configuration: KubeObject): Call[] {
  if (!KINDS.has(configuration.kind)) return [];
  const webhooks = (configuration['webhooks'] as Webhook[] | undefined) ?? [];
  return webhooks.flatMap((webhook) => {
    const service = webhook.clientConfig?.service;
    return service === undefined
      ? []
      : [{ configuration, webhook, service: { ...service, port: service.port ?? STANDARD_PORT } }];
  });
}

function servedBy(calls: readonly Call[], objects: readonly KubeObject[]): ServedWebhooks | undefined {
  const { name, namespace, port } = calls[0]!.service;
  const inNamespace = (kind: string): KubeObject[] =>
    objects.filter((object) => object.kind === kind && object.metadata.namespace === namespace);
  const service = inNamespace('Service').find(({ metadata }) => metadata.name === name);
  const { selector, ports } = (service?.['spec'] as ServiceSpec | undefined) ?? {};
  const deployment = inNamespace('Deployment').find((object) => selects(selector, podTemplateOf(object)));
  if (deployment === undefined) return undefined;
  const pod = podTemplateOf(deployment).spec ?? {};
  const secretName = certificateSecret(pod);
  if (secretName === undefined) return undefined;
  const serverName = `${name}.${namespace}.svc`;
  return {
    service: { name, namespace },
    configurations: configurationsOf(calls),
    deployment: refOf(deployment),
    secret: { apiVersion: 'v1', kind: 'Secret', namespace, name: secretName },
    serverName,
    names: [serverName, `${serverName}.cluster.local`],
    mode: modeOf(calls),
    podPort: podPortOf(
      pod,
      ports?.find((candidate) => candidate.port === port),
    ),
  };
}

function podTemplateOf(deployment: KubeObject): PodTemplate {
  return (deployment['spec'] as { template?: PodTemplate } | undefined)?.template ?? {};
}

function selects(selector: Record<string, string> | undefined, { metadata }: PodTemplate): boolean {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => metadata?.labels?.[key] === value);
}

function configurationsOf(calls: readonly Call[]): CallingConfiguration[] {
  return distinct(calls.map(({ configuration }) => configuration)).map((configuration) => ({
    ...refOf(configuration),
    webhooks: calls.filter((call) => call.configuration === configuration).map(({ webhook }) => webhook.name),
  }));
}

function modeOf(calls: readonly Call[]): CertificateMode {
  const isInjected = ({ configuration }: Call): boolean =>
    Object.keys(configuration.metadata.annotations ?? {}).some((key) => key.startsWith(INJECTED));
  if (calls.some(isInjected)) return 'cert-manager';
  return calls.some(({ webhook }) => (webhook.clientConfig?.caBundle ?? '') !== '') ? 'manual' : 'auto';
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
