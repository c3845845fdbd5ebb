import { describe, expect, it } from 'vitest';
import { crds, schemaParts } from './bundled.js';

/**
 * A path into one of the fields whose content is a Kubernetes type. Such a field is described as part of Kthena; what is
 * in it is documented by Kubernetes, and would make the CRDs several times as large.
 */
const INSIDE_KUBERNETES_TYPE =
  /(^|\.)(env|envFrom|affinity|resources|tolerations|labelSelector|targetRef|conditions|(entry|worker)Template\.spec)[.[{]/;

/** The API server describes these itself. */
const STANDARD = ['apiVersion', 'kind', 'metadata'];

describe.each(crds.map((crd) => [crd.spec.names.kind, crd] as const))('descriptions of %s', (_, crd) => {
  const parts = schemaParts(crd).map(({ path, schema }) => ({
    path,
    description: schema['description'] as string | undefined,
    inside: INSIDE_KUBERNETES_TYPE.test(path),
  }));
  const described = parts.flatMap(({ path, description }) => (description ? [{ path, description }] : []));

  it('exist for the resource and each of its fields', () => {
    // The items of a list and the values of a map are described by the field that holds them.
    const fields = parts.filter(({ path, inside }) => !inside && !STANDARD.includes(path) && !/[\]}]$/.test(path));
    expect(fields.filter(({ description }) => !description)).toEqual([]);
  });

  it('do not exist inside Kubernetes types', () => {
    expect(parts.filter(({ description, inside }) => description && inside)).toEqual([]);
  });

  it('are short sentences', () => {
    expect(described.filter(({ description }) => description.length > 200 || !description.endsWith('.'))).toEqual([]);
  });

  it('tell the fields of a map apart', () => {
    const inItsMap = described.map(({ path, description }) => `${parent(path)}: ${description}`);
    expect(inItsMap.filter((text, index) => inItsMap.indexOf(text) !== index)).toEqual([]);
  });
});

function parent(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}
