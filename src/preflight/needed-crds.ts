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
 * @returns completes "the CRD is …"; undefined where they can
 */
export function crdProblem({ crd, version }: FoundCrd): string | undefined {
  if (crd === undefined) return 'not in the cluster';
  if (crd.metadata.deletionTimestamp !== undefined) return 'being deleted';
  const served = crdSpec(crd).versions.filter((each) => each.served);
  if (!served.some(({ name }) => name === version)) {
    return `not served as ${version}${served.length === 0 ? '' : `, only as ${served.map(({ name }) => name).join(', ')}`}`;
  }
  return isEstablished(crd) ? undefined : 'not established yet';
}

/** A clause for each problem, with all CRDs that have it; empty where all can be used. */
export function describeProblems(found: readonly FoundCrd[]): string[] {
  const problems = found.map((each) => ({ name: each.name, problem: crdProblem(each) }));
  const distinct = [...new Set(problems.flatMap(({ problem }) => problem ?? []))];
  return distinct.map((problem) => {
    const names = problems.filter((each) => each.problem === problem).map(({ name }) => name);
    return `${names.length === 1 ? 'CRD' : 'CRDs'} ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} ${problem}`;
  });
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
