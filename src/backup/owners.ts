import type { KubeClient } from '../kube/client.js';
import { formatRef, groupOf, type OwnerReference } from '../kube/object.js';
import type { SavedResource } from './resource.js';

/** What becomes of a resource's references to its owners. */
export type Ownership =
  | {
      references: OwnerReference[];
      /** `Kind/name` of owners that do not exist: with a reference to one, the garbage collector would delete the resource. */
      dropped: string[];
    }
  /** An owner may still be restored; the resource has to wait for it. */
  | 'wait';

const MAX_REMEMBERED = 10_000;

/**
 * Finds the owners of resources in the cluster by their names: a restored owner has another uid than the one that was saved, and one
 * that an earlier, interrupted restore brought back is found like any other.
 */
export class OwnerFinder {
  readonly #client: KubeClient;
  /** Kinds of Kthena that the backup holds. */
  readonly #restored: (apiVersion: string, kind: string) => boolean;
  readonly #uids = new Map<string, string>();

  constructor(client: KubeClient, backup: { groups: readonly string[]; kinds: readonly string[] }) {
    this.#client = client;
    this.#restored = (apiVersion, kind) => backup.groups.includes(groupOf(apiVersion)) && backup.kinds.includes(kind);
  }

  /** @param last no more owners will come: give up those that are not there */
  async find({ object, aside }: SavedResource, last: boolean): Promise<Ownership> {
    const references: OwnerReference[] = [];
    const dropped: string[] = [];
    for (const owner of aside.ownerReferences ?? []) {
      const uid = await this.#uidOf(owner, object.metadata.namespace);
      if (uid !== undefined) references.push({ ...owner, uid });
      else if (!last && this.#restored(owner.apiVersion, owner.kind)) return 'wait';
      else dropped.push(`${owner.kind}/${owner.name}`);
    }
    return { references, dropped };
  }

  async #uidOf({ apiVersion, kind, name }: OwnerReference, namespace: string | undefined): Promise<string | undefined> {
    const ref = { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
    const key = `${apiVersion}/${formatRef(ref)}`;
    const known = this.#uids.get(key);
    if (known !== undefined) return known;
    const resource = await this.#client.resource(apiVersion, kind);
    // What is outside of namespaces cannot have an owner in one.
    if (resource === undefined || (resource.namespaced && namespace === undefined)) return undefined;
    const live = await this.#client.get(ref);
    if (live?.metadata.uid === undefined || live.metadata.deletionTimestamp !== undefined) return undefined;
    if (this.#uids.size >= MAX_REMEMBERED) this.#uids.clear();
    this.#uids.set(key, live.metadata.uid);
    return live.metadata.uid;
  }
}
