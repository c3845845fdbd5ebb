import { keyOf, refOf, type KubeObject, type ObjectRef } from '../../kube/object.js';

export interface ServiceRef {
  namespace: string;
  name: string;
}

interface Rule {
  apiGroups?: string[];
  apiVersions?: string[];
  resources?: string[];
  operations?: string[];
}

export interface Webhook {
  name: string;
  failurePolicy?: 'Fail' | 'Ignore';
  clientConfig: { caBundle?: string; service?: ServiceRef };
  rules?: Rule[];
}

export const CONFIGURATION_KINDS = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'] as const;
export const ADMISSION_API = 'admissionregistration.k8s.io/v1';

export function isWebhookConfiguration({ kind, apiVersion }: Pick<ObjectRef, 'kind' | 'apiVersion'>): boolean {
  return (CONFIGURATION_KINDS as readonly string[]).includes(kind) && apiVersion === ADMISSION_API;
}

export function webhooksOf(configuration: KubeObject): Webhook[] {
  return (configuration['webhooks'] ?? []) as Webhook[];
}

/** True where a webhook is asked about resources of one of these groups by name; one for every group is not Kthena's. */
export function concerns(configuration: KubeObject, groups: readonly string[]): boolean {
  return webhooksOf(configuration).some(({ rules = [] }) =>
    rules.some(({ apiGroups = [] }) => apiGroups.some((group) => groups.includes(group))),
  );
}

/** True where a webhook is asked when such a resource is created. */
export function coversCreation(
  configuration: KubeObject,
  { group, version, plural }: { group: string; version: string; plural: string },
): boolean {
  const has = (list: string[] | undefined, name: string): boolean =>
    list?.some((entry) => entry === '*' || entry === name) === true;
  return webhooksOf(configuration).some(({ rules = [] }) =>
    rules.some(
      ({ apiGroups, apiVersions, resources, operations }) =>
        has(apiGroups, group) && has(apiVersions, version) && has(resources, plural) && has(operations, 'CREATE'),
    ),
  );
}

/** The Services that the webhooks of a configuration call, each once. */
export function servicesOf(configuration: KubeObject): ServiceRef[] {
  const services = webhooksOf(configuration).flatMap(({ clientConfig: { service } }) =>
    service === undefined ? [] : [{ namespace: service.namespace, name: service.name }],
  );
  return [...new Map(services.map((service) => [`${service.namespace}/${service.name}`, service])).values()];
}

/** The webhook configurations among objects, by key. */
export function configurationsIn(objects: readonly KubeObject[]): Map<string, KubeObject> {
  return new Map(objects.filter(isWebhookConfiguration).map((object) => [keyOf(refOf(object)), object]));
}
