import type { KubeObject, Metadata, OwnerReference } from '../kube/object.js';

/** A custom resource as a backup keeps it. */
export interface SavedResource {
  /** What `kubectl apply` takes: nothing the server sets, no status and no owners. */
  object: KubeObject;
  aside: Aside;
}

/**
 * What only a restore may see. `kubectl apply` would ignore a status; references to owners that do not exist (any more) would make
 * the garbage collector delete the resource at once.
 */
export interface Aside {
  ownerReferences?: OwnerReference[];
  status?: Record<string, unknown>;
}

/** The part of the metadata that is somebody's will; the rest is the server's. */
const KEPT_METADATA = ['name', 'namespace', 'labels', 'annotations', 'finalizers'] as const;

/** Takes what is to be saved out of a live resource, or of one that was read from a backup. */
export function saved(live: KubeObject, aside: Aside = {}): SavedResource {
  const { apiVersion, kind, metadata, status = aside.status, ...content } = live;
  const ownerReferences = metadata.ownerReferences ?? aside.ownerReferences ?? [];
  return {
    object: { apiVersion, kind, metadata: keptMetadata(metadata), ...content },
    aside: {
      ...(ownerReferences.length === 0 ? {} : { ownerReferences }),
      ...(status === undefined ? {} : { status: status as Record<string, unknown> }),
    },
  };
}

function keptMetadata(metadata: Metadata): Metadata {
  const kept = KEPT_METADATA.filter((key) => metadata[key] != null).map((key) => [key, metadata[key]]);
  return Object.fromEntries(kept) as Metadata;
}
