import type { ApiResource } from './client.js';
import { isApiError } from './api-error.js';
import { knownResource } from './known-kinds.js';
import { groupVersionPath } from './paths.js';
import type { Transport } from './transport.js';

/** Which resource of the API stands for a kind. */
export interface Discovery {
  /** Undefined where the server does not serve the kind. */
  resource(apiVersion: string, kind: string): Promise<ApiResource | undefined>;
  /** What was asked is asked again. */
  forget(): void;
}

/**
 * Kinds of Kubernetes itself are known; for another one its group's version is asked for its resources, once.
 * The list of one version has a few hundred bytes and exists in every Kubernetes; the aggregated list of everything has 100 KB
 * or more, needs two fallbacks, and fails to tell a group whose server is down (503 here) from one that does not exist.
 */
export function createDiscovery(transport: Transport): Discovery {
  const asked = new Map<string, Promise<ReadonlyMap<string, ApiResource>>>();

  function kindsOf(apiVersion: string): Promise<ReadonlyMap<string, ApiResource>> {
    const before = asked.get(apiVersion);
    if (before !== undefined) return before;
    const answer = askForKinds(transport, apiVersion);
    asked.set(apiVersion, answer);
    // A failure is not remembered.
    answer.catch(() => {
      if (asked.get(apiVersion) === answer) asked.delete(apiVersion);
    });
    return answer;
  }

  return {
    resource: async (apiVersion, kind) => knownResource(apiVersion, kind) ?? (await kindsOf(apiVersion)).get(kind),
    forget: () => asked.clear(),
  };
}

async function askForKinds(transport: Transport, apiVersion: string): Promise<ReadonlyMap<string, ApiResource>> {
  const path = groupVersionPath(apiVersion);
  try {
    const list = await transport.json({ method: 'GET', path, idempotent: true, verb: 'list', subject: path });
    return kindsIn(list);
  } catch (error) {
    if (isApiError(error, 404)) return new Map();
    throw error;
  }
}

/** The kinds of an `APIResourceList` (meta/v1); subresources, such as `deployments/status`, are left out. */
export function kindsIn(list: unknown): ReadonlyMap<string, ApiResource> {
  const resources = (list as { resources?: { name: string; kind: string; namespaced: boolean }[] }).resources ?? [];
  return new Map(
    resources
      .filter(({ name }) => !name.includes('/'))
      .map(({ name, kind, namespaced }) => [kind, { plural: name, namespaced }]),
  );
}
