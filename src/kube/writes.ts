import { isApiError } from './api-error.js';
import type { ApplyOptions, CreateOptions, DeleteOptions, WriteOptions } from './client.js';
import { formatRef, refOf, type KubeObject, type ObjectRef } from './object.js';
import { withQuery } from './paths.js';
import type { Transport } from './transport.js';

/** Unknown and duplicate fields are dropped with a warning: an older Kubernetes then still takes a manifest with newer fields. */
const FIELD_VALIDATION = 'Warn';

/** Server-side apply. It is idempotent: doing it twice changes nothing more, so a lost answer is asked for again. */
export async function applyObject(
  transport: Transport,
  path: string,
  object: KubeObject,
  { fieldManager, force, dryRun }: ApplyOptions,
): Promise<KubeObject> {
  const parameters = { fieldManager, force, dryRun: dryRunParameter(dryRun), fieldValidation: FIELD_VALIDATION };
  const answer = await transport.json({
    method: 'PATCH',
    path: withQuery(path, parameters),
    body: object,
    // JSON is YAML: the server takes it so, in every version.
    contentType: 'application/apply-patch+yaml',
    idempotent: true,
    verb: 'apply',
    subject: formatRef(refOf(object)),
  });
  return answer as KubeObject;
}

export async function createObject(
  transport: Transport,
  collectionPath: string,
  object: KubeObject,
  { fieldManager, dryRun, timeoutMs, onWarning }: CreateOptions,
): Promise<KubeObject> {
  const parameters = { fieldManager, dryRun: dryRunParameter(dryRun), fieldValidation: FIELD_VALIDATION };
  const answer = await transport.json({
    method: 'POST',
    path: withQuery(collectionPath, parameters),
    body: object,
    idempotent: false,
    verb: 'create',
    subject: formatRef(refOf(object)),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(onWarning === undefined ? {} : { onWarning }),
  });
  return answer as KubeObject;
}

export async function replaceObject(
  transport: Transport,
  path: string,
  object: KubeObject,
  { fieldManager, dryRun, timeoutMs }: WriteOptions,
): Promise<KubeObject> {
  const parameters = { fieldManager, dryRun: dryRunParameter(dryRun), fieldValidation: FIELD_VALIDATION };
  const answer = await transport.json({
    method: 'PUT',
    path: withQuery(path, parameters),
    body: object,
    idempotent: true,
    verb: 'replace',
    subject: formatRef(refOf(object)),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  return answer as KubeObject;
}

/**
 * Sends the deletion; `readLive` reads the object for the case of a conflict, in which the server does not say in a reliable
 * form whether the object is another one by now, or whether it is being deleted already (as a namespace in deletion answers).
 */
export async function deleteObject(
  transport: Transport,
  path: string,
  ref: ObjectRef,
  { propagation, dryRun, uid, resourceVersion }: DeleteOptions,
  readLive: () => Promise<KubeObject | undefined>,
): Promise<boolean> {
  const body = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    ...(propagation === undefined ? {} : { propagationPolicy: propagation }),
    ...(uid === undefined && resourceVersion === undefined ? {} : { preconditions: { uid, resourceVersion } }),
    ...(dryRun === true ? { dryRun: ['All'] } : {}),
  };
  try {
    await transport.json({ method: 'DELETE', path, body, idempotent: true, verb: 'delete', subject: formatRef(ref) });
    return true;
  } catch (error) {
    if (isApiError(error, 404)) return false;
    if (!isApiError(error, 409)) throw error;
    const live = await readLive();
    if (live === undefined || (uid !== undefined && live.metadata.uid !== uid)) return false;
    if (live.metadata.deletionTimestamp !== undefined) return true;
    throw error;
  }
}

function dryRunParameter(dryRun: boolean | undefined): 'All' | undefined {
  return dryRun === true ? 'All' : undefined;
}
