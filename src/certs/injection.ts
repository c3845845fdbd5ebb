import type { KubeClient } from '../kube/client.js';
import { keyOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import { untilEnd, type Limits } from '../wait/deadline.js';
import { covers } from './bundle.js';
import { observeWebhooks } from './observe.js';
import { servesFormer } from './pods.js';
import { keyPairIn } from './secret.js';
import { servedWebhooks, type CallingConfiguration, type ServedWebhooks } from './serving.js';
import { bundlesOf } from './trust.js';

/** Webhooks whose certificates cert-manager makes, and what their Secret held before the objects were applied. */
export interface InjectedWebhooks {
  webhooks: ServedWebhooks;
  /** PEM; undefined where there was no certificate, or nobody who served it. */
  former: string | undefined;
}

/** To be called before the objects are applied. */
export async function injectedWebhooks(
  client: KubeClient,
  objects: readonly KubeObject[],
): Promise<InjectedWebhooks[]> {
  const injected = servedWebhooks(objects).filter(({ mode }) => mode === 'cert-manager');
  return Promise.all(
    injected.map(async (webhooks) => {
      const found = await observeWebhooks(client, webhooks);
      const isServed = found?.deployment !== undefined && found.secret !== undefined;
      return { webhooks, former: isServed ? keyPairIn(found.secret!).certificate : undefined };
    }),
  );
}

/**
 * Waits until every webhook trusts the CA of its certificate: a CA alone may be one of before. A Secret that names no CA gives
 * nothing to compare.
 *
 * @returns the configurations that trust another one, where the wait ended before
 */
export async function awaitTrust(
  client: KubeClient,
  injected: readonly InjectedWebhooks[],
  limits: Limits,
): Promise<{ outcome: 'trusted' | 'timeout' | 'interrupted'; untrusted: ObjectRef[] }> {
  const calls = injected.flatMap(({ webhooks }) =>
    webhooks.configurations.map((configuration) => ({ configuration, secret: webhooks.secret })),
  );
  const left = new Map(calls.map((call) => [keyOf(call.configuration), call]));
  const outcome = await untilEnd<'trusted'>(limits, async (end, signal) => {
    await Promise.all(
      calls.map(async ({ configuration, secret }) => {
        await untilTrusted(client, configuration, secret, signal);
        left.delete(keyOf(configuration));
      }),
    );
    end('trusted');
  });
  return { outcome, untrusted: [...left.values()].map(({ configuration }) => configuration) };
}

async function untilTrusted(
  client: KubeClient,
  configuration: CallingConfiguration,
  secret: ObjectRef,
  signal: AbortSignal,
): Promise<void> {
  const { apiVersion, kind, name } = configuration;
  for await (const { object } of client.watch({ apiVersion, kind, fieldSelector: `metadata.name=${name}` }, signal)) {
    const live = await client.get(secret);
    const ca = live === undefined ? '' : keyPairIn(live).ca;
    if (ca === '' || bundlesOf(configuration, object).every((bundle) => covers(bundle, ca))) return;
  }
}

/** Those whose certificate was replaced since, while pods serve the former one: servers do not reload. */
export async function replacedSince(
  client: KubeClient,
  injected: readonly InjectedWebhooks[],
): Promise<{ webhooks: ServedWebhooks; certificate: string }[]> {
  const replaced = await Promise.all(
    injected.map(async ({ webhooks, former }) => {
      const found = former === undefined ? undefined : await observeWebhooks(client, webhooks);
      if (found?.secret === undefined) return [];
      const { certificate } = keyPairIn(found.secret);
      return certificate !== former && (await servesFormer(client, found)) ? [{ webhooks, certificate }] : [];
    }),
  );
  return replaced.flat();
}
