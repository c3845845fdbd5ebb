import type { BundleDefinition } from '../bundle/bundle.js';
import { refOf, type KubeObject, type ObjectRef } from '../kube/object.js';

/** Where an image is named. */
export type ImageUse = ObjectRef &
  (
    | { container: string }
    | { volume: string }
    /** A key of a ConfigMap, which tells controllers what to start later, and the value it comes from. */
    | { key: string; value: string }
  );

export interface NamedImage {
  image: string;
  use: ImageUse;
}

/** Every image that the objects name: of pods, and in the ConfigMaps that tell the controllers what to start. */
export function imagesOf(objects: readonly KubeObject[], later: BundleDefinition['images'] = []): NamedImage[] {
  return objects.flatMap((object) => {
    const ref = refOf(object);
    if (object.kind !== 'ConfigMap') return imagesOfPod(podSpecOf(object), ref);
    return later
      .filter(({ configMap }) => configMap === object.metadata.name)
      .flatMap(({ key, value }) => named(mapOf(object['data'])[key], { ...ref, key, value }));
  });
}

function imagesOfPod(spec: Record<string, unknown>, ref: ObjectRef): NamedImage[] {
  const containers = [...mapsIn(spec['initContainers']), ...mapsIn(spec['containers'])];
  return [
    ...containers.flatMap(({ name, image }) => named(image, { ...ref, container: String(name) })),
    ...mapsIn(spec['volumes']).flatMap(({ name, image }) =>
      named(mapOf(image)['reference'], { ...ref, volume: String(name) }),
    ),
  ];
}

/** A Pod's own, or that of the pods which a Deployment, Job, CronJob and so on makes. */
function podSpecOf({ kind, ...object }: KubeObject): Record<string, unknown> {
  const spec = mapOf(object['spec']);
  if (kind === 'Pod') return spec;
  const job = kind === 'CronJob' ? mapOf(mapOf(spec['jobTemplate'])['spec']) : spec;
  return mapOf(mapOf(job['template'])['spec']);
}

function named(image: unknown, use: ImageUse): NamedImage[] {
  return typeof image === 'string' && image !== '' ? [{ image, use }] : [];
}

function mapsIn(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? list.map(mapOf) : [];
}

function mapOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
