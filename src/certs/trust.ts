import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import { fromCaBundle, joinedBundle, toCaBundle } from './bundle.js';
import type { ObservedWebhooks } from './observe.js';
import type { CallingConfiguration } from './serving.js';

/**
 * The field manager of the CAs in webhook configurations. It is another than that of the release's objects: these are applied without a CA,
 * as the components and cert-manager expect it, and must not take it away again.
 */
export const TRUST_MANAGER = 'kthena-certificates';

/** A webhook configuration, and what each of its webhooks trusts. */
export interface TrustedConfiguration extends CallingConfiguration {
  exists: boolean;
  /** In the order of `webhooks`: CAs, PEM; empty where it trusts none, or does not exist yet. */
  bundles: readonly string[];
  /** Whoever has set one of them. */
  writers: readonly string[];
  /** What is trusted besides, until all pods are replaced. */
  former: readonly string[];
}

interface Webhook {
  name: string;
  clientConfig?: { caBundle?: string };
}

/** What the configurations of a component trust now. */
export function trustOf({ webhooks, configurations }: ObservedWebhooks): TrustedConfiguration[] {
  return webhooks.configurations.map((configuration, index) => {
    const live = configurations[index];
    const bundles = bundlesOf(configuration, live);
    return { ...configuration, exists: live !== undefined, bundles, writers: writersOf(live), former: bundles };
  });
}

/** What each webhook of a configuration trusts: CAs, PEM; empty where it trusts none, or does not exist yet. */
export function bundlesOf({ webhooks }: CallingConfiguration, live: KubeObject | undefined): string[] {
  const items = (live?.['webhooks'] ?? []) as Webhook[];
  return webhooks.map((name) => fromCaBundle(items.find((item) => item.name === name)?.clientConfig?.caBundle));
}

function writersOf(configuration: KubeObject | undefined): string[] {
  const entries = configuration?.metadata.managedFields ?? [];
  return entries
    .filter(({ fieldsV1 }) => JSON.stringify(fieldsV1 ?? {}).includes('"f:caBundle"'))
    .map(({ manager }) => manager);
}

/** As it is to be where no pod serves anything that only the former CAs vouch for. */
export function withoutFormerTrust(configuration: TrustedConfiguration): TrustedConfiguration {
  return { ...configuration, former: [] };
}

/** The CA with those that are still needed, each once. */
export function withFormerTrust(ca: string, { former }: TrustedConfiguration): string {
  return joinedBundle(ca, ...former);
}

/** Lets every webhook of a configuration trust this, PEM, and nothing else. */
export async function writeTrust(
  client: KubeClient,
  { webhooks, ...ref }: CallingConfiguration,
  ca: string,
): Promise<KubeObject> {
  const caBundle = toCaBundle(ca);
  const { apiVersion, kind, name } = ref;
  const object = {
    apiVersion,
    kind,
    metadata: { name },
    webhooks: webhooks.map((webhook) => ({ name: webhook, clientConfig: { caBundle } })),
  };
  return client.apply(object, { fieldManager: TRUST_MANAGER, force: true });
}
