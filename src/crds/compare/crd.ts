import { KthenaError } from '../../errors.js';
import type { KubeObject } from '../../kube/object.js';

/** A CEL rule of `x-kubernetes-validations`. */
export interface ValidationRule {
  rule: string;
  message?: string;
  fieldPath?: string;
  optionalOldSelf?: boolean;
}

/** A structural schema, as CRDs hold it: the keywords that rules look at, by their own names. */
export interface Schema {
  type?: string;
  format?: string;
  default?: unknown;
  nullable?: boolean;
  enum?: unknown[];
  pattern?: string;
  required?: string[];
  properties?: Record<string, Schema>;
  /** `true` keeps values of any kind, but no fields inside them. */
  additionalProperties?: Schema | boolean;
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  not?: Schema;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-embedded-resource'?: boolean;
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: string;
  'x-kubernetes-validations'?: ValidationRule[];
  [keyword: string]: unknown;
}

export interface Subresources {
  status?: object;
  scale?: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string };
}

export interface CrdVersion {
  name: string;
  served: boolean;
  storage: boolean;
  deprecated?: boolean;
  schema?: { openAPIV3Schema?: Schema };
  subresources?: Subresources;
  additionalPrinterColumns?: unknown[];
  selectableFields?: { jsonPath: string }[];
}

export interface CrdNames {
  kind: string;
  plural: string;
  singular: string;
  listKind: string;
  shortNames?: string[];
  categories?: string[];
}

export interface CrdConversion {
  strategy: string;
  webhook?: { clientConfig?: Record<string, unknown>; conversionReviewVersions?: string[] };
}

export interface CrdSpec {
  group: string;
  scope: string;
  names: CrdNames;
  versions: CrdVersion[];
  conversion: CrdConversion;
  preserveUnknownFields: boolean;
}

/** A CRD as the API server holds it, with what it fills in. */
export interface Crd {
  name: string;
  spec: CrdSpec;
  /** Versions in which resources may be stored; empty for a CRD that is not in a cluster. */
  storedVersions: string[];
}

/**
 * Reads a CRD from a file or from the cluster alike: the fields that the API server fills in are filled in,
 * so that a difference is one that somebody made.
 *
 * @throws KthenaError `bundle` where the object is not a CustomResourceDefinition of apiextensions.k8s.io/v1
 */
export function readCrd(object: KubeObject): Crd {
  const spec = object['spec'] as (Partial<CrdSpec> & { names?: Partial<CrdNames> }) | undefined;
  const { group, scope, names, versions } = spec ?? {};
  if (
    typeof group !== 'string' ||
    typeof scope !== 'string' ||
    !names?.kind ||
    !names.plural ||
    !Array.isArray(versions)
  ) {
    throw new KthenaError(
      'bundle',
      `${object.kind}/${object.metadata.name} is not a complete CustomResourceDefinition`,
      {
        hint: 'It needs group, scope, names and versions in its spec; Kubernetes has them in apiextensions.k8s.io/v1.',
      },
    );
  }
  const { kind, plural } = names;
  const defaults = { singular: kind.toLowerCase(), listKind: `${kind}List` };
  return {
    name: object.metadata.name,
    spec: {
      group,
      scope,
      names: { ...defaults, ...names, kind, plural },
      versions,
      conversion: spec?.conversion ?? { strategy: 'None' },
      preserveUnknownFields: spec?.preserveUnknownFields ?? false,
    },
    storedVersions: (object['status'] as { storedVersions?: string[] } | undefined)?.storedVersions ?? [],
  };
}

/** The schema of a version; one that accepts and keeps everything where the CRD has none. */
export function schemaOf(version: CrdVersion): Schema {
  return version.schema?.openAPIV3Schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
}
