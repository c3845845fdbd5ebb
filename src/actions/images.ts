import { isDeepStrictEqual } from 'node:util';
import type { Bundle } from '../bundle/bundle.js';
import type { KubeObject } from '../kube/object.js';
import { imagesOf, type ImageUse, type NamedImage } from '../render/images.js';
import { render } from '../render/render.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { mergeValues } from '../values/merge.js';
import type { Values } from '../values/value.js';
import type { Prepared } from './prepare.js';

/** An image that an install runs. */
export interface ListedImage {
  image: string;
  /** What it is a copy of, without `global.imageRegistry`. */
  source: string;
  usedBy: ImageUse[];
}

export interface ImageList {
  /** In the order of their names. */
  images: ListedImage[];
  warnings: string[];
}

/** Every image that an install with these values runs, at once or when its controllers start something. */
export function listImages(
  bundle: Bundle,
  release: ReleaseIdentity,
  { values, rendering }: Pick<Prepared, 'values' | 'rendering'>,
): ImageList {
  const objectsOf = (rendered: Prepared['rendering']): KubeObject[] => rendered.objects.map(({ object }) => object);
  const uses = imagesOf(objectsOf(rendering), bundle.images);
  const originals = imagesOf(objectsOf(render(bundle, withoutRegistry(values), release)), bundle.images);
  const images = merge(uses, originals);
  return { images, warnings: collisionsOf(images) };
}

function withoutRegistry(values: Values): Values {
  return mergeValues(values, { global: { imageRegistry: '' } });
}

function merge(uses: readonly NamedImage[], sources: readonly NamedImage[]): ListedImage[] {
  const images = new Map<string, ListedImage>();
  for (const { image, use } of uses) {
    const source = sources.find((other) => isDeepStrictEqual(other.use, use))?.image ?? image;
    const key = `${image} ${source}`;
    const listed = images.get(key) ?? { image, source, usedBy: [] };
    listed.usedBy.push(use);
    images.set(key, listed);
  }
  return [...images].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, listed]) => listed);
}

/** Images of two registries may have the same path, and would be one in the registry of `global.imageRegistry`. */
function collisionsOf(images: readonly ListedImage[]): string[] {
  return images.flatMap(({ image, source }, index) => {
    const before = images[index - 1];
    return before?.image === image ? [`${before.source} and ${source} would both be ${image}`] : [];
  });
}
