import type { Emit } from '../events.js';
import type { KubeClient } from '../kube/client.js';
import { keyOf } from '../kube/object.js';
import type { Owner } from '../plan/ownership.js';
import { sameCertificates } from './bundle.js';
import { issueCertificate, type KeyPairFiles } from './issue.js';
import type { CertificateChange } from './plan.js';
import { restartFor } from './restart.js';
import { secretFor } from './secret.js';
import type { ServedWebhooks } from './serving.js';
import { withFormerTrust, writeTrust, type TrustedConfiguration } from './trust.js';

export interface RolloutContext {
  owner: Owner;
  fieldManager: string;
  emit: Emit;
  now: () => Date;
}

/**
 * A change of certificates, in the steps by which no call of a webhook fails: first the new CA is trusted beside the old one, then the
 * new certificate is stored, then the pods are replaced; once they run, the old CA goes. Where a run is cut off in between, both CAs are
 * trusted, and the next one goes on.
 */
export class CertificateRollout {
  readonly #client: KubeClient;
  readonly #changes: readonly CertificateChange[];
  readonly #context: RolloutContext;
  /** What the Secrets are to hold, by `keyOf`; each is issued once. */
  readonly #keyPairs: ReadonlyMap<string, Promise<KeyPairFiles>>;

  /** Issuing begins at once, beside what comes before `store`. */
  constructor(client: KubeClient, changes: readonly CertificateChange[], context: RolloutContext) {
    this.#client = client;
    this.#changes = changes;
    this.#context = context;
    this.#keyPairs = new Map(
      changes.map(({ webhooks, keyPair }) => [
        keyOf(webhooks.secret),
        keyPair === 'issue' ? issued(webhooks, context) : Promise.resolve(keyPair),
      ]),
    );
  }

  /** Before the components' objects are applied. */
  async store(): Promise<void> {
    await this.#forEach(async (change) => {
      await this.#trustBoth(change, (configuration) => configuration.exists);
      await this.#writeSecret(change);
    });
  }

  /** Once the objects are applied. */
  async serve(): Promise<void> {
    await this.#forEach(async (change) => {
      await this.#trustBoth(change, (configuration) => !configuration.exists);
      if (change.restart !== undefined) await this.#restart(change);
    });
  }

  /** True where CAs are trusted that no pod needs any more once all are replaced. */
  async isUnfinished(): Promise<boolean> {
    const trusted = await Promise.all(this.#changes.map((change) => this.#trustedFor(change)));
    return trusted.flat().some(({ configuration, ca }) => isMoreThan(ca, configuration));
  }

  /** Once all pods run with the new certificates. */
  async finish(): Promise<void> {
    await this.#forEach(async (change) => {
      for (const { configuration, ca } of await this.#trustedFor(change)) {
        if (isMoreThan(ca, configuration)) await writeTrust(this.#client, configuration, ca);
      }
    });
  }

  async #trustBoth(
    change: CertificateChange,
    isMeant: (configuration: TrustedConfiguration) => boolean,
  ): Promise<void> {
    const trusted = (await this.#trustedFor(change)).filter(({ configuration }) => isMeant(configuration));
    await Promise.all(
      trusted.map(async ({ configuration, ca }) => {
        const both = withFormerTrust(ca, configuration);
        if (configuration.bundles.every((bundle) => sameCertificates(bundle, both))) return;
        await writeTrust(this.#client, configuration, both);
        if (configuration.exists) this.#context.emit({ type: 'applied', ref: configuration, change: 'configured' });
      }),
    );
  }

  async #trustedFor(change: CertificateChange): Promise<{ configuration: TrustedConfiguration; ca: string }[]> {
    const { ca } = await this.#keyPair(change);
    return change.configurations.map((configuration) => ({ configuration, ca }));
  }

  async #writeSecret(change: CertificateChange): Promise<void> {
    if (change.secret === undefined) return;
    const { live } = change.secret;
    const ref = change.webhooks.secret;
    const { owner, fieldManager, emit } = this.#context;
    const object = secretFor(ref, await this.#keyPair(change), owner);
    // The type of a Secret, and all of one that is immutable, can only be changed by making it anew.
    const isReplaceable = live?.['type'] === object['type'] && live?.['immutable'] !== true;
    if (live !== undefined && isReplaceable) {
      const metadata = { ...object.metadata, resourceVersion: live.metadata.resourceVersion! };
      await this.#client.replace({ ...object, metadata }, { fieldManager });
    } else {
      if (live !== undefined) await this.#client.delete(ref, { uid: live.metadata.uid! });
      await this.#client.create(object, { fieldManager });
    }
    emit({ type: 'applied', ref, change: live === undefined ? 'created' : 'configured' });
  }

  async #restart(change: CertificateChange): Promise<void> {
    const { certificate } = await this.#keyPair(change);
    await restartFor(this.#client, change.webhooks.deployment, certificate);
    this.#context.emit({ type: 'applied', ref: change.webhooks.deployment, change: 'configured' });
  }

  #keyPair({ webhooks }: CertificateChange): Promise<KeyPairFiles> {
    return this.#keyPairs.get(keyOf(webhooks.secret))!;
  }

  async #forEach(step: (change: CertificateChange) => Promise<void>): Promise<void> {
    const results = await Promise.allSettled(this.#changes.map(step));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }
}

function issued({ names }: ServedWebhooks, { now }: RolloutContext): Promise<KeyPairFiles> {
  const keyPair = issueCertificate({ names, now: now() });
  // Whoever waits for it gets the error; nobody does where something else fails first.
  keyPair.catch(() => undefined);
  return keyPair;
}

function isMoreThan(ca: string, configuration: TrustedConfiguration): boolean {
  return !sameCertificates(withFormerTrust(ca, configuration), ca);
}
