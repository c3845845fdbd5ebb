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
  const known = files.map(({ object }) => object.metadata.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new KthenaError('not-found', `the bundle has no CRD ${unknown.join(', ')}`, {
      hint: `It has ${known.join(', ')}.`,
    });
  }
  const ofComponent = bundle.components.find(({ name }) => name === component)?.crds ?? known;
  return files
    .map(({ object }) => object)
    .filter(({ metadata: { name } }) => ofComponent.includes(name) && (names.length === 0 || names.includes(name)))
    .map((crd) => ({
      ...crd,
      metadata: { ...crd.metadata, annotations: { ...crd.metadata.annotations, [BUNDLE_VERSION]: bundle.version } },
    }));
}
