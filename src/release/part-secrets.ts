import { isApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import { formatRef, refOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import { join } from './parts.js';
import { partsMark } from './parts-mark.js';
import type { Release } from './release.js';

const SECRET_TYPE = 'kthena.io/release-part.v1';
const KEY = 'part';

/**
 * Writes the parts of a record, after the record: only one writer gets that, and they belong to its very object (`owner`),
 * so that they go with it, whoever deletes it. Parts of an earlier attempt at this revision are replaced.
 */
export async function writeParts(
  client: KubeClient,
  owner: KubeObject,
  { name, version }: Release,
  parts: readonly Buffer[],
  fieldManager: string,
): Promise<void> {
  for (const [index, part] of parts.entries()) {
    const ref = partRef(owner.metadata.namespace!, name, version, index + 1);
    await writePart(client, partSecret(ref, owner, part), fieldManager);
  }
}

/** A record with what its parts hold, or with the reason in `missing` why that cannot be had. */
export async function readParts(client: KubeClient, record: Release): Promise<Release> {
  const mark = partsMark(record);
  if (mark === undefined) return record;
  const refs = Array.from({ length: mark.parts }, (_, index) =>
    partRef(record.namespace, record.name, mark.revision, index + 1),
  );
  const secrets = await Promise.all(refs.map((ref) => client.get(ref)));
  const absent = secrets.indexOf(undefined);
  if (absent >= 0) return { ...record, missing: `${formatRef(refs[absent]!)} does not exist` };
  return join(
    record,
    secrets.map((secret) => Buffer.from(dataOf(secret!) ?? '', 'base64')),
  );
}

function partRef(namespace: string, release: string, revision: number, part: number): ObjectRef {
  return { apiVersion: 'v1', kind: 'Secret', namespace, name: `kthena.release.v1.${release}.v${revision}.part${part}` };
}

/** Its labels are for people; Helm's selector does not match them. */
function partSecret(ref: ObjectRef, { apiVersion, kind, metadata }: KubeObject, part: Buffer): KubeObject {
  const { name: release = '', version: revision = '' } = metadata.labels ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: ref.name,
      namespace: ref.namespace!,
      labels: { 'kthena.io/release': release, 'kthena.io/release-revision': revision },
      ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid! }],
    },
    type: SECRET_TYPE,
    data: { [KEY]: part.toString('base64') },
  };
}

async function writePart(client: KubeClient, secret: KubeObject, fieldManager: string): Promise<void> {
  try {
    await client.create(secret, { fieldManager });
  } catch (error) {
    if (!isApiError(error, 409, 'AlreadyExists')) throw error;
    const live = await client.get(refOf(secret));
    if (live !== undefined && isSamePart(live, secret)) return;
    // Not overwritten: the garbage collector may be about to delete it with its former record, and would find it by its uid.
    if (live !== undefined) await client.delete(refOf(secret), { uid: live.metadata.uid! });
    await client.create(secret, { fieldManager });
  }
}

function isSamePart(live: KubeObject, secret: KubeObject): boolean {
  const owner = (object: KubeObject): string | undefined => object.metadata.ownerReferences?.[0]?.uid;
  return (
    dataOf(live) === dataOf(secret) && owner(live) === owner(secret) && live.metadata.deletionTimestamp === undefined
  );
}

function dataOf(secret: KubeObject): string | undefined {
  return (secret['data'] as Record<string, string> | undefined)?.[KEY];
}
