import { formatRef, refOf } from '../../../src/kube/object.js';
import type { Cluster } from '../../cluster/index.mjs';
import type { Footprint } from './footprint.js';

/** Who writes it where a component does. */
export const CA_WRITER = 'kthena-controller-manager Update';

const WEBHOOKS = [
  ['mutatingwebhookconfiguration', 'kthena-controller-manager-mutating-webhook', 'kthena-controller-manager'],
  ['validatingwebhookconfiguration', 'kthena-controller-manager-validating-webhook', 'kthena-controller-manager'],
  // A cluster that was restored or edited by hand may have it on Helm's account.
  ['validatingwebhookconfiguration', 'kthena-router-validating-webhook', 'helm'],
] as const;

/** Writes a CA into every webhook, as the components do when they start; in one case recorded as Helm's. */
export async function writeCaBundles(cluster: Cluster, { objects }: Footprint): Promise<void> {
  for (const [kind, name, manager] of WEBHOOKS) {
    const live = [...objects.values()].find(
      ({ metadata, ...object }) => metadata.name === name && isKind(object, kind),
    );
    const webhooks = (live?.['webhooks'] ?? []) as unknown[];
    const patch = webhooks.map((_, index) => ({
      op: 'add',
      path: `/webhooks/${index}/clientConfig/caBundle`,
      value: CA,
    }));
    const args = ['patch', kind, name, '--type=json', `--field-manager=${manager}`, '-p', JSON.stringify(patch)];
    const { code, stderr } = await cluster.kubectl(args);
    if (code !== 0) throw new Error(stderr);
  }
}

function isKind({ kind }: { kind: string }, wanted: string): boolean {
  return kind.toLowerCase() === wanted;
}

/** Stands for a certificate: the API server takes whatever begins like one. */
const CA = Buffer.from(
  [
    '-----BEGIN CERTIFICATE-----',
    'MIIBfDCCASOgAwIBAgIUUbnMI4m5mdr2DXlAKtm8kQ2IcPAwCgYIKoZIzj0EAwIw',
    '-----END CERTIFICATE-----',
    '',
  ].join('\n'),
).toString('base64');

/** The CA of each webhook, by object and webhook. */
export function caBundlesOf({ objects }: Footprint): Record<string, unknown> {
  const configurations = [...objects.values()].filter(({ kind }) => kind.endsWith('WebhookConfiguration'));
  return Object.fromEntries(
    configurations.flatMap((object) =>
      (object['webhooks'] as { name: string; clientConfig: { caBundle?: string } }[]).map((webhook) => [
        `${formatRef(refOf(object))} ${webhook.name}`,
        webhook.clientConfig.caBundle,
      ]),
    ),
  );
}
