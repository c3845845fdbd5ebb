import { KthenaError } from '../errors.js';
import type { KubeObject } from '../kube/object.js';
import { isMap } from '../values/value.js';
import type { CrdFile } from './bundle.js';
import { DEFINITION, type BundleFile } from './definition.js';

const DOMAIN = 'serving.volcano.sh';

/**
 * Checks the CRDs of a bundle: that they are CRDs, of Kthena, and those that its components name.
 *
 * @throws KthenaError `bundle` naming the file
 */
export function checkCrds(crds: readonly CrdFile[], { components }: BundleFile): void {
  const files = new Map<string, string>();
  for (const { path, object } of crds) {
    const problem = crdProblem(object);
    if (problem !== undefined) throw new KthenaError('bundle', `${path}: ${problem}`);
    const { name } = object.metadata;
    const other = files.get(name);
    if (other !== undefined) throw new KthenaError('bundle', `${path}: CRD ${name} is in ${other} too`);
    files.set(name, path);
  }
  const named = new Set(components.flatMap(({ crds: names }) => names));
  for (const name of named) {
    if (!files.has(name))
      throw new KthenaError('bundle', `${DEFINITION}: the bundle has no CRD ${name}, which a component names`);
  }
  for (const [name, path] of files) {
    if (!named.has(name)) throw new KthenaError('bundle', `${path}: no component names CRD ${name}`);
  }
}

function crdProblem(object: KubeObject | null): string | undefined {
  if (
    !isMap(object) ||
    object['apiVersion'] !== 'apiextensions.k8s.io/v1' ||
    object['kind'] !== 'CustomResourceDefinition'
  )
    return 'this is not a CustomResourceDefinition of apiextensions.k8s.io/v1';
  const { metadata, spec } = object;
  if (!isMap(metadata) || !isMap(spec) || !isMap(spec['names']) || !Array.isArray(spec['versions']))
    return 'metadata.name, spec.names or spec.versions are missing';
  const { group, names } = spec;
  if (typeof group !== 'string' || !(group === DOMAIN || group.endsWith(`.${DOMAIN}`)))
    return `its group is ${JSON.stringify(group ?? null)}: a bundle has CRDs of ${DOMAIN} and the groups below it only`;
  const name = `${String(names['plural'])}.${group}`;
  return metadata['name'] === name ? undefined : `its name must be ${name}, from its plural and group`;
}
