import { compareCrds } from '../../../src/crds/compare/compare.js';
import type { Schema } from '../../../src/crds/compare/crd.js';
import type { KubeObject } from '../../../src/kube/object.js';

type Loose = Record<string, unknown>;

/** A CRD with one version, v1; `spec` is laid over. */
export function crd(spec: Loose = {}, status?: Loose): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind: 'Thing', plural: 'things' },
      versions: [version('v1', { storage: true })],
      ...spec,
    },
    ...(status === undefined ? {} : { status }),
  };
}

export function version(name: string, parts: Loose = {}): Loose {
  return { name, served: true, storage: false, schema: { openAPIV3Schema: { type: 'object' } }, ...parts };
}

/** A CRD whose resources have `spec.field` with this schema. */
export function crdWithField(field: Schema): KubeObject {
  return crdWithSpec({ type: 'object', properties: { field } });
}

export function crdWithSpec(spec: Schema): KubeObject {
  const openAPIV3Schema = { type: 'object', properties: { spec } };
  return crd({ versions: [version('v1', { storage: true, schema: { openAPIV3Schema } })] });
}

/** `path rule rating` of each change. */
export function changesBetween(before: KubeObject, after: KubeObject): string[] {
  return compareCrds(before, after).map(({ path, rule, rating }) => `${path} ${rule} ${rating}`);
}
