import type { KubeObject } from '../kube/object.js';
import { crdRef } from '../crds/crd.js';
import { maskDeep, maskObject } from './mask.js';
import { readAll, readOne } from './read.js';
import { yamlFile, type ReportFile, type Scope } from './report-file.js';

interface CrdParts {
  spec?: {
    versions?: { name: string; served?: boolean; storage?: boolean; deprecated?: boolean }[];
    conversion?: object;
  };
  status?: { conditions?: unknown; storedVersions?: unknown };
}

interface Webhook {
  rules?: { apiGroups?: string[] }[];
}

/**
 * CRDs without their schemas, and the webhook configurations that are asked about Kthena's resources, whoever they belong to.
 *
 * @param names of the bundle's CRDs
 */
export async function* clusterFiles(names: readonly string[], scope: Scope): AsyncGenerator<ReportFile> {
  const crds: unknown[] = [];
  for (const name of [...names].sort()) {
    const crd = await readOne(scope, crdRef(name));
    if (crd !== undefined) crds.push(crd === 'missing' ? { name, missing: true } : describeCrd(crd));
  }
  yield yamlFile('cluster/crds.yaml', crds);
  const groups = new Set(names.map((name) => name.slice(name.indexOf('.') + 1)));
  for (const kind of ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']) {
    const query = { apiVersion: 'admissionregistration.k8s.io/v1', kind };
    const all = await readAll(scope, `${kind}s`, query);
    const asked = all?.filter((configuration) => isAskedAbout(configuration, groups));
    if (asked !== undefined) yield yamlFile(`cluster/${kind}s.yaml`, asked.map(maskObject));
  }
}

function isAskedAbout(configuration: KubeObject, groups: ReadonlySet<string>): boolean {
  const webhooks = (configuration['webhooks'] as Webhook[] | undefined) ?? [];
  return webhooks.some(({ rules = [] }) =>
    rules.some(({ apiGroups = [] }) => apiGroups.some((group) => group === '*' || groups.has(group))),
  );
}

function describeCrd(crd: KubeObject): unknown {
  const { spec, status } = crd as CrdParts;
  const { name, labels, generation, creationTimestamp, deletionTimestamp, finalizers } = crd.metadata;
  return maskDeep({
    name,
    created: creationTimestamp ?? null,
    generation: generation ?? null,
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp, finalizers: finalizers ?? [] }),
    labels: labels ?? {},
    annotations: maskObject(crd).metadata.annotations ?? {},
    managers: [...new Set((crd.metadata.managedFields ?? []).map(({ manager }) => manager))],
    versions: (spec?.versions ?? []).map(({ name: version, served, storage, deprecated }) => ({
      version,
      served: served ?? false,
      storage: storage ?? false,
      deprecated: deprecated ?? false,
    })),
    storedVersions: status?.storedVersions ?? [],
    conditions: status?.conditions ?? [],
  });
}
