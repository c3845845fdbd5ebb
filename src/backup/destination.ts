import { KthenaError } from '../errors.js';
import { isApiError } from '../kube/api-error.js';
import type { ApiResource, KubeClient } from '../kube/client.js';
import { Lanes } from './lanes.js';
import { Problems } from './problems.js';

const CONCURRENCY = 16;

/** Why resources of a namespace cannot be created. */
export interface UnfitNamespace {
  name: string;
  problem: 'missing' | 'terminating';
}

/** Those of these namespaces that are not there or on their way out. One that this user may not look at counts as there. */
export async function unfitNamespaces(client: KubeClient, names: readonly string[]): Promise<UnfitNamespace[]> {
  const unfit: UnfitNamespace[] = [];
  const lanes = new Lanes<UnfitNamespace | undefined>(CONCURRENCY, (found) => {
    if (found !== undefined) unfit.push(found);
  });
  for (const name of names) await lanes.add(() => look(client, name));
  await lanes.drain();
  return unfit;
}

async function look(client: KubeClient, name: string): Promise<UnfitNamespace | undefined> {
  try {
    const namespace = await client.get({ apiVersion: 'v1', kind: 'Namespace', name });
    if (namespace === undefined) return { name, problem: 'missing' };
    return namespace.metadata.deletionTimestamp === undefined ? undefined : { name, problem: 'terminating' };
  } catch (error) {
    if (isApiError(error, 403)) return undefined;
    throw error;
  }
}

/** Creates namespaces; one that somebody else has created in the meantime is fine. */
export async function createNamespaces(
  client: KubeClient,
  names: readonly string[],
  options: { fieldManager: string; dryRun: boolean },
): Promise<void> {
  for (const name of names) {
    try {
      await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, options);
    } catch (error) {
      if (!isApiError(error, 409, 'AlreadyExists')) throw error;
    }
  }
}

/** `<apiVersion>/<Kind>`, as in the header of a backup. */
export interface BackupKind {
  apiVersion: string;
  kind: string;
}

/** Those of these kinds that the cluster serves, with how it does. */
export async function servedOf(
  client: KubeClient,
  kinds: readonly BackupKind[],
): Promise<Map<string, BackupKind & ApiResource>> {
  const served = new Map<string, BackupKind & ApiResource>();
  for (const { apiVersion, kind } of kinds) {
    const resource = await client.resource(apiVersion, kind);
    if (resource !== undefined) served.set(`${apiVersion}/${kind}`, { apiVersion, kind, ...resource });
  }
  return served;
}

export function unfitError(unfit: readonly UnfitNamespace[]): KthenaError {
  const problems = new Problems();
  for (const { name, problem } of unfit) {
    problems.add(`namespace ${name} ${problem === 'missing' ? 'does not exist' : 'is being deleted'}`);
  }
  return new KthenaError('failed', 'namespaces of the backup are not there; nothing was restored', {
    details: problems.details(),
    hint: unfit.some(({ problem }) => problem === 'missing')
      ? 'Create them with what belongs into them, or add --create-namespace for empty ones.'
      : 'Run the same command again when they are gone.',
  });
}
