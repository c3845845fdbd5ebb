import { gt, valid } from 'semver';
import type { KubeObject } from '../kube/object.js';

/** Which bundle a CRD was applied from; written by this tool only. */
export const BUNDLE_VERSION = 'kthena.io/bundle-version';

/**
 * Whether the wanted CRD is older than the installed one. Where this tool applied the installed one, and nobody has changed it since,
 * it says its version. Otherwise it counts as newer if it has everything that the wanted one has, and more: then going to the wanted
 * one can only take away.
 *
 * @param manager the field manager of this tool
 */
export function isDowngrade(installed: KubeObject, wanted: KubeObject, manager: string): boolean {
  const from = versionOf(installed);
  const to = versionOf(wanted);
  if (from !== null && to !== null && gt(from, to)) return true;
  if (from !== null && to !== null && gt(to, from) && isOnlyManager(installed, manager)) return false;
  const before = factsOf(installed);
  const after = factsOf(wanted);
  return after.size < before.size && [...after].every((fact) => before.has(fact));
}

function versionOf({ metadata }: KubeObject): string | null {
  return valid(metadata.annotations?.[BUNDLE_VERSION]);
}

/** Whoever applies a CRD with other means leaves the annotation as it is: then it says nothing about the schema any more. */
function isOnlyManager({ metadata }: KubeObject, manager: string): boolean {
  const ofSpec = (metadata.managedFields ?? []).filter(
    ({ subresource, fieldsV1 }) => subresource === undefined && fieldsV1 !== undefined && 'f:spec' in fieldsV1,
  );
  return ofSpec.every((entry) => entry.manager === manager);
}

/** Everything the versions of a CRD say, one text a fact: each field, bound, enum value and required name; no descriptions. */
function factsOf(crd: KubeObject): Set<string> {
  const facts = new Set<string>();
  const { versions } = crd['spec'] as { versions: unknown[] };
  for (const version of versions) collect(version, '', facts);
  return facts;
}

function collect(value: unknown, path: string, facts: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) facts.add(`${path}[]=${JSON.stringify(item)}`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      if (key === 'description' && typeof child === 'string') continue;
      facts.add(`${path}.${key}`);
      collect(child, `${path}.${key}`, facts);
    }
  } else {
    facts.add(`${path}=${JSON.stringify(value)}`);
  }
}
