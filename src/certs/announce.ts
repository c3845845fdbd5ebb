import { keyOf, refOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import { maskValue, type Difference } from '../plan/difference.js';
import type { Change } from '../plan/plan.js';
import { sameCertificates, toCaBundle } from './bundle.js';
import type { CertificateChange } from './plan.js';
import { CERTIFICATE_DIGEST, digestOf } from './restart.js';
import { SECRET_KEYS, secretData } from './secret.js';
import type { TrustedConfiguration } from './trust.js';

/** Stands in a plan for what is made when the plan is carried out. */
const ISSUED = '(of the certificate that is issued)';

/**
 * The changes of a release together with what a change of certificates adds to them: Secrets come first, CAs and restarts are
 * differences of the objects that they are in.
 */
export function withCertificates(changes: readonly Change[], certificates: readonly CertificateChange[]): Change[] {
  const additions = new Map(certificates.flatMap(additionsOf).map(({ ref, found }) => [keyOf(ref), found]));
  return [
    ...certificates.flatMap(secretChange),
    ...changes.map((change) => withDifferences(change, additions.get(keyOf(refOf(change.object))) ?? [])),
  ];
}

function secretChange({ webhooks, secret, keyPair }: CertificateChange): Change[] {
  if (secret === undefined) return [];
  const { name, namespace } = webhooks.secret;
  const object: KubeObject = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: namespace! } };
  const { live } = secret;
  if (live === undefined) return [{ action: 'create', object }];
  const data = (live['data'] ?? {}) as Record<string, unknown>;
  const wanted = keyPair === 'issue' ? undefined : secretData(keyPair);
  const keys = Object.values(SECRET_KEYS).filter((key) => wanted === undefined || data[key] !== wanted[key]);
  const differences = keys.map((key) => {
    const path = `data[${JSON.stringify(key)}]`;
    return { path, before: maskValue('Secret', path, data[key]), after: maskValue('Secret', path, '') };
  });
  return [{ action: 'update', object, differences, conflicts: [], kept: [], takesOver: [] }];
}

function additionsOf(change: CertificateChange): { ref: ObjectRef; found: Difference[] }[] {
  const { webhooks, keyPair, configurations, restart } = change;
  const ca = keyPair === 'issue' ? undefined : keyPair.ca;
  const trusted = configurations.map((configuration) => ({
    ref: configuration,
    found: trustDifferences(configuration, ca),
  }));
  if (restart === undefined) return trusted;
  const digest = keyPair === 'issue' ? ISSUED : digestOf(keyPair.certificate);
  const path = `spec.template.metadata.annotations["${CERTIFICATE_DIGEST}"]`;
  return [...trusted, { ref: webhooks.deployment, found: [{ path, before: restart.digest, after: digest }] }];
}

function trustDifferences({ webhooks, bundles }: TrustedConfiguration, ca: string | undefined): Difference[] {
  return webhooks.flatMap((name, index) => {
    const before = bundles[index]!;
    if (ca !== undefined && sameCertificates(before, ca)) return [];
    const path = `webhooks[name=${JSON.stringify(name)}].clientConfig.caBundle`;
    const after = ca === undefined ? ISSUED : toCaBundle(ca);
    return [{ path, before: before === '' ? undefined : toCaBundle(before), after }];
  });
}

/** What is created or deleted has no fields to compare. */
function withDifferences(change: Change, found: readonly Difference[]): Change {
  if (found.length === 0 || change.action === 'create' || change.action === 'delete') return change;
  if (change.action === 'unchanged') {
    const { object, kept } = change;
    return { action: 'update', object, differences: [...found], conflicts: [], kept, takesOver: [] };
  }
  const paths = found.map(({ path }) => path);
  return { ...change, differences: [...change.differences.filter(({ path }) => !paths.includes(path)), ...found] };
}
