import { KthenaError } from '../errors.js';
import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import type { Release } from './release.js';
import { recordOf, recordSelector, releaseFromSecret } from './secret.js';

export interface ReleaseList {
  /** The newest revision of each release, by namespace, then by name. */
  releases: Release[];
  /** One for each release whose newest record is damaged: it must not hide the others. */
  unreadable: KthenaError[];
}

/** All releases of a namespace, or of the cluster where it is undefined, whatever their chart and whoever made them. */
export async function listReleases(client: KubeClient, namespace: string | undefined): Promise<ReleaseList> {
  const query = { apiVersion: 'v1', kind: 'Secret', labelSelector: recordSelector() };
  const newest = new Map<string, Found>();
  for await (const secret of client.list(namespace === undefined ? query : { ...query, namespace })) {
    const record = recordOf(secret);
    if (record === undefined) continue;
    const found = { ...record, namespace: secret.metadata.namespace ?? '', secret };
    const key = `${found.namespace}/${found.release}`;
    if (found.revision > (newest.get(key)?.revision ?? 0)) newest.set(key, found);
  }
  return decodeAll([...newest.values()].sort(byName).map(({ secret }) => secret));
}

interface Found {
  namespace: string;
  release: string;
  revision: number;
  secret: KubeObject;
}

function byName(a: Found, b: Found): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  return a.release < b.release ? -1 : 1;
}

function decodeAll(secrets: readonly KubeObject[]): ReleaseList {
  const list: ReleaseList = { releases: [], unreadable: [] };
  for (const secret of secrets) {
    try {
      list.releases.push(releaseFromSecret(secret));
    } catch (error) {
      if (!(error instanceof KthenaError)) throw error;
      list.unreadable.push(error);
    }
  }
  return list;
}
