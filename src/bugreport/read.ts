import type { ListQuery } from '../kube/client.js';
import { formatRef, type KubeObject, type ObjectRef } from '../kube/object.js';
import type { Scope } from './report-file.js';

/** Every object that matches, by namespace and name; undefined where they may not be read, which is noted. */
export function readAll({ client, unread }: Scope, what: string, query: ListQuery): Promise<KubeObject[] | undefined> {
  return unread.attempt(what, async () => {
    const objects: KubeObject[] = [];
    // What a list holds does not say what it is.
    const { apiVersion, kind } = query;
    for await (const object of client.list(query)) objects.push({ ...object, apiVersion, kind });
    return objects.sort((a, b) => order(a).localeCompare(order(b), 'en'));
  });
}

/** The object, `missing` where there is none; undefined where it may not be read, which is noted. */
export async function readOne({ client, unread }: Scope, ref: ObjectRef): Promise<KubeObject | 'missing' | undefined> {
  return unread.attempt(formatRef(ref), async () => (await client.get(ref)) ?? 'missing');
}

function order({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
