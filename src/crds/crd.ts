import type { KubeObject, ObjectRef } from '../kube/object.js';

/** The part of a CustomResourceDefinition's spec that finding its resources takes. */
export interface CrdSpec {
  group: string;
  scope: 'Namespaced' | 'Cluster';
  names: { kind: string; plural: string };
  versions: { name: string; served: boolean; storage: boolean }[];
}

export function crdSpec(crd: KubeObject): CrdSpec {
  return crd['spec'] as CrdSpec;
}

export function crdRef(name: string): ObjectRef {
  return { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name };
}

/** The version resources are stored in; every CRD has exactly one. */
export function storageVersion(crd: KubeObject): string {
  return crdSpec(crd).versions.find(({ storage }) => storage)!.name;
}

/** Versions that resources in etcd may still be stored in. */
export function storedVersions(crd: KubeObject): string[] {
  return (crd['status'] as { storedVersions?: string[] } | undefined)?.storedVersions ?? [];
}

/** What to list for all resources of a CRD's kind: every served version shows all of them, the stored one need not be served. */
export function resourceQuery(crd: KubeObject): { apiVersion: string; kind: string } {
  const { group, names, versions } = crdSpec(crd);
  const served = versions.filter((version) => version.served);
  const version = served.find(({ storage }) => storage) ?? served[0];
  return { apiVersion: `${group}/${version?.name ?? storageVersion(crd)}`, kind: names.kind };
}

/** Once it was, its kind has been served, so that there can be resources. */
export function isEstablished(crd: KubeObject): boolean {
  const { conditions = [] } = (crd['status'] ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.some(({ type, status }) => type === 'Established' && status === 'True');
}

export function groupsOf(crds: readonly KubeObject[]): string[] {
  return [...new Set(crds.map((crd) => crdSpec(crd).group))];
}
