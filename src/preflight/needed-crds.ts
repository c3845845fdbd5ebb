import { crdRef, crdSpec, isEstablished } from '../crds/crd.js';
import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';

/** A kind of another project that something of Kthena uses, in one version of its API. */
export interface NeededCrd {
  /** `<plural>.<group>`. */
  name: string;
  version: string;
}

/** @param crd undefined where the cluster does not have it */
export interface FoundCrd extends NeededCrd {
  crd: KubeObject | undefined;
}

export function findCrds(client: KubeClient, needed: readonly NeededCrd[]): Promise<FoundCrd[]> {
  return Promise.all(needed.map(async (each) => ({ ...each, crd: await client.get(crdRef(each.name)) })));
}

/**
 * Why resources of the kind cannot be read and written in the version needed.
 *
 * @returns completes "CRD … "; undefined where they can
 */
export function crdProblem({ crd, version }: FoundCrd): string | undefined {
  if (crd === undefined) return 'is not in the cluster';
  if (crd.metadata.deletionTimestamp !== undefined) return 'is being deleted';
  const served = crdSpec(crd).versions.filter((each) => each.served);
  if (!served.some(({ name }) => name === version)) {
    return `does not serve ${version}, only ${served.map(({ name }) => name).join(', ') || 'nothing'}`;
  }
  return isEstablished(crd) ? undefined : 'is not established yet';
}

/**
 * What the annotation says that names the release of a project its CRDs come from.
 *
 * @returns `[major, minor]` and the text; undefined where it names no release, as for a build of the main branch
 */
export function bundleVersion(
  crd: KubeObject,
  annotation: string,
): { text: string; major: number; minor: number } | undefined {
  const text = crd.metadata.annotations?.[annotation];
  const [, major, minor] = /^v?(\d+)\.(\d+)(?:[.-]|$)/.exec(text ?? '') ?? [];
  if (text === undefined || major === undefined || minor === undefined) return undefined;
  return { text, major: Number(major), minor: Number(minor) };
}
