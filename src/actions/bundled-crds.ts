import type { Bundle } from '../bundle/bundle.js';
import { BUNDLE_VERSION } from '../crds/direction.js';
import { KthenaError } from '../errors.js';
import type { KubeObject } from '../kube/object.js';

/**
 * CRDs of the bundle as they are applied: with the version of the bundle, so that a later run knows which is newer.
 *
 * @param selection all where neither is given
 * @throws KthenaError `not-found` naming the names the bundle does not have
 */
export async function bundledCrds(
  bundle: Bundle,
  { names = [], component }: { names?: readonly string[]; component?: string | undefined } = {},
): Promise<KubeObject[]> {
  const files = await bundle.crds();
  const all = files.map(({ object }) => object.metadata.name);
  const available = bundle.components.find(({ name }) => name === component)?.crds ?? all;
  const unknown = names.filter((name) => !available.includes(name));
  if (unknown.length > 0) {
    const where = component === undefined ? 'the bundle' : `component ${component}`;
    throw new KthenaError('not-found', `${where} has no CRD ${unknown.join(', ')}`, {
      hint: `It has ${available.join(', ')}.`,
    });
  }
  const wanted = names.length === 0 ? available : names;
  return files
    .map(({ object }) => object)
    .filter((crd) => wanted.includes(crd.metadata.name))
    .map((crd) => ({
      ...crd,
      metadata: { ...crd.metadata, annotations: { ...crd.metadata.annotations, [BUNDLE_VERSION]: bundle.version } },
    }));
}
