import { awaitTrust, replacedSince, type InjectedWebhooks } from '../certs/injection.js';
import { restartFor } from '../certs/restart.js';
import { KthenaError } from '../errors.js';
import { formatRef } from '../kube/object.js';
import type { ActionContext } from './context.js';
import { awaitReady } from './readiness.js';

/**
 * In certificate mode `cert-manager`, once everything is ready: waits until the webhooks trust the certificates that were made, and
 * restarts what still serves those of before.
 *
 * @throws as `awaitReadiness`
 */
export async function settleInjection(
  injected: readonly InjectedWebhooks[],
  timeoutMs: number,
  context: Pick<ActionContext, 'client' | 'signal' | 'emit'>,
): Promise<void> {
  if (injected.length === 0) return;
  const { client, signal, emit } = context;
  const { outcome, untrusted } = await awaitTrust(client, injected, { timeoutMs, signal });
  if (outcome === 'interrupted') throw new KthenaError('interrupted', 'stopped while waiting for cert-manager');
  if (outcome === 'timeout') {
    throw new KthenaError(
      'timeout',
      `cert-manager did not write its CA into all webhooks within ${timeoutMs / 1000} s`,
      {
        details: untrusted.map((ref) => `${formatRef(ref)}: its caBundle is of another CA than its certificate`),
        hint: 'Look at the log of cert-manager-cainjector.',
      },
    );
  }
  const replaced = await replacedSince(client, injected);
  if (replaced.length === 0) return;
  for (const { webhooks, certificate } of replaced) {
    await restartFor(client, webhooks.deployment, certificate);
    emit({ type: 'applied', ref: webhooks.deployment, change: 'configured' });
  }
  const restarted = replaced.map(({ webhooks }) => webhooks.deployment);
  await awaitReady(client, restarted, timeoutMs, context);
}
