import { isApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import { refOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import { resourcePath, withQuery } from '../kube/paths.js';
import { pause, untilEnd, type Limits } from './deadline.js';
import { progressing } from './object-status.js';
import type { Observation } from './observations.js';
import { statusOf } from './status.js';
import { waitUntilReady, type WaitOutcome } from './wait.js';

export interface ServedResult {
  /** `ready`: every kind is served. */
  outcome: WaitOutcome;
  /** The CRDs whose kinds are not served; empty if `ready`. */
  notReady: Observation[];
}

/** A version of a kind that a CRD wants served. */
interface ServedVersion {
  crd: ObjectRef;
  apiVersion: string;
  kind: string;
}

/** Serving follows establishing within some ten milliseconds, and the whole install waits for it. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 200;

/**
 * Waits until the API server serves every version that the CRDs want served: established, listed by discovery,
 * answering a LIST. `Established` alone is too early: for a moment requests for a new kind, or a new version of one,
 * still get 404. `crds` as written or as the server answered; one whose own status says `Established` is not watched
 * for it. Forgets discovery. CRDs that do not get there are no error: the result names them.
 */
export async function waitUntilServed(
  client: KubeClient,
  crds: readonly KubeObject[],
  limits: Limits,
): Promise<ServedResult> {
  const start = performance.now();
  const pending = crds.filter((crd) => statusOf(crd).state !== 'ready').map(refOf);
  const { outcome, notReady } = await waitUntilReady(client, pending, { ...limits, onProgress: () => {} });
  if (outcome !== 'ready') return { outcome, notReady };
  const timeoutMs = Math.max(0, limits.timeoutMs - (performance.now() - start));
  return untilAnswering(client, crds.flatMap(servedVersions), { timeoutMs, signal: limits.signal });
}

/**
 * All together in rounds: discovery is forgotten for all kinds at once, and one answer tells of a group's every kind.
 */
async function untilAnswering(
  client: KubeClient,
  versions: readonly ServedVersion[],
  limits: Limits,
): Promise<ServedResult> {
  let left = versions;
  const outcome = await untilEnd<'ready'>(limits, async (end, signal) => {
    for (let ms = FIRST_PAUSE_MS; !signal.aborted; ms = Math.min(ms * 1.5, LONGEST_PAUSE_MS)) {
      client.forgetDiscovery();
      const answers = await Promise.all(left.map((version) => isAnswering(client, version)));
      if (signal.aborted) return;
      left = left.filter((_version, index) => !answers[index]);
      if (left.length === 0) return end('ready');
      await pause(ms, signal);
    }
  });
  return { outcome, notReady: left.map(notServed) };
}

async function isAnswering(client: KubeClient, { apiVersion, kind }: ServedVersion): Promise<boolean> {
  const resource = await client.resource(apiVersion, kind);
  if (resource === undefined) return false;
  try {
    await client.read(withQuery(resourcePath({ apiVersion, plural: resource.plural }), { limit: 1 }));
    return true;
  } catch (error) {
    if (isApiError(error, 404)) return false;
    // Discovery is all that somebody who may not list can see.
    if (isApiError(error, 403)) return true;
    throw error;
  }
}

function servedVersions(crd: KubeObject): ServedVersion[] {
  const { group, names, versions } = crd.spec as {
    group: string;
    names: { kind: string };
    versions: { name: string; served: boolean }[];
  };
  const served = versions.filter((version) => version.served);
  return served.map(({ name }) => ({ crd: refOf(crd), apiVersion: `${group}/${name}`, kind: names.kind }));
}

function notServed({ crd, apiVersion }: ServedVersion): Observation {
  const message = `established, but the API server does not serve ${apiVersion} yet`;
  return { ref: crd, status: progressing(message, 'NotServed'), problems: [] };
}
