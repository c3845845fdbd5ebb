import { KthenaError } from '../errors.js';
import { isApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';

/** A kind as the cluster serves it. */
export interface ServedKind {
  apiVersion: string;
  group: string;
  kind: string;
  plural: string;
  namespaced: boolean;
}

/** Kinds whose controllers make resources of other kinds: they come first in a backup, so that owners are restored before children. */
const OWNERS = ['ModelBooster', 'ModelServing'];

/** All kinds of these groups, each in the version that the server prefers; also such as no bundle knows (any more). */
export async function servedKinds(client: KubeClient, groups: readonly string[]): Promise<ServedKind[]> {
  const kinds = (await Promise.all(groups.map((group) => kindsOfGroup(client, group)))).flat();
  return kinds.sort((a, b) => rank(a) - rank(b) || (a.kind < b.kind ? -1 : 1));
}

async function kindsOfGroup(client: KubeClient, group: string): Promise<ServedKind[]> {
  const found = new Map<string, ServedKind>();
  for (const { groupVersion } of await versionsOf(client, group)) {
    const { resources } = (await client.read(`/apis/${groupVersion}`)) as ResourceList;
    for (const { name, kind, namespaced } of resources) {
      // Subresources are listed too.
      if (name.includes('/') || found.has(kind)) continue;
      found.set(kind, { apiVersion: groupVersion, group, kind, plural: name, namespaced });
    }
  }
  return [...found.values()];
}

/** In the server's order of preference; none where it does not know the group. */
async function versionsOf(client: KubeClient, group: string): Promise<{ groupVersion: string }[]> {
  try {
    return ((await client.read(`/apis/${group}`)) as { versions: { groupVersion: string }[] }).versions;
  } catch (error) {
    if (isApiError(error, 404)) return [];
    throw error;
  }
}

interface ResourceList {
  resources: { name: string; kind: string; namespaced: boolean }[];
}

function rank({ kind }: ServedKind): number {
  const index = OWNERS.indexOf(kind);
  return index < 0 ? OWNERS.length : index;
}

/**
 * The kinds that are asked for, by `ModelRoute`, `modelroutes` or `modelroutes.<group>` in whatever case; all where none is.
 *
 * @throws KthenaError `not-found` naming what the cluster does not serve
 */
export function selectKinds(kinds: readonly ServedKind[], names: readonly string[]): ServedKind[] {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  if (wanted.size === 0) return [...kinds];
  const namesOf = ({ kind, plural, group }: ServedKind): string[] => [kind.toLowerCase(), plural, `${plural}.${group}`];
  const known = new Set(kinds.flatMap(namesOf));
  const unknown = names.filter((name) => !known.has(name.toLowerCase()));
  if (unknown.length > 0) {
    throw new KthenaError('not-found', `${unknown.join(', ')}: the cluster serves no such kind of Kthena`, {
      hint:
        kinds.length === 0 ? 'kthena install brings them.' : `There are ${kinds.map(({ kind }) => kind).join(', ')}.`,
    });
  }
  return kinds.filter((kind) => namesOf(kind).some((name) => wanted.has(name)));
}
