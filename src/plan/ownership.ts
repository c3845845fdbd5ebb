import type { KubeObject } from '../kube/object.js';

export interface Owner {
  name: string;
  namespace: string;
}

/** How Helm marks what belongs to a release; `kthena` keeps to it, so that each finds the other's objects. */
const RELEASE_NAME = 'meta.helm.sh/release-name';
const RELEASE_NAMESPACE = 'meta.helm.sh/release-namespace';
const MANAGED_BY = 'app.kubernetes.io/managed-by';

/** A copy of the object that says which release it belongs to. */
export function withOwner(object: KubeObject, owner: Owner): KubeObject {
  const { labels, annotations } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...labels, [MANAGED_BY]: 'Helm' },
      annotations: { ...annotations, [RELEASE_NAME]: owner.name, [RELEASE_NAMESPACE]: owner.namespace },
    },
  };
}

/** The release an object says it belongs to. */
export function ownerOf(object: KubeObject): Owner | undefined {
  const name = object.metadata.annotations?.[RELEASE_NAME];
  const namespace = object.metadata.annotations?.[RELEASE_NAMESPACE];
  return name === undefined || namespace === undefined ? undefined : { name, namespace };
}

export function isOwnedBy(object: KubeObject, owner: Owner): boolean {
  const actual = ownerOf(object);
  return actual !== undefined && actual.name === owner.name && actual.namespace === owner.namespace;
}

/** Whose a live object is, in words, for a message that refuses to touch it. */
export function describeOwner(object: KubeObject): string {
  const owner = ownerOf(object);
  return owner === undefined
    ? 'exists and belongs to no release'
    : `belongs to release ${owner.name} in namespace ${owner.namespace}`;
}
