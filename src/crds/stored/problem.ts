/** What a new schema does to a part of a stored resource. */
export interface ResourceProblem {
  /** `spec.rules[1].targetModels`; for a missing field the path it would have. */
  path: string;
  /** `invalid`: the new schema refuses it. `dropped`: the new schema has no such field, and the next write drops its value. */
  problem: 'invalid' | 'dropped';
  /** Never quotes a text, which may be secret, unless the schema says which texts there are. */
  message: string;
  /**
   * Whether an API server that ratchets goes on accepting the resource as long as `unchangedPart` stays as it is. From Kubernetes 1.30
   * on that is the default, from 1.33 on it cannot be switched off (feature gate CRDValidationRatcheting).
   *
   * Its documentation excepts required fields, allOf and its kind, and list types; in fact these are forgiven as well where all
   * of `unchangedPart` is as it was. False where any update is refused or drops the value: what is required of the resource as a
   * whole, a CEL rule that ends in an error, the number of replicas behind a scale subresource, a resource embedded in another.
   *
   * All of this holds for PUT and PATCH. Server-side apply refuses more: anything, were it a label, for a resource with a value
   * of a wrong type, and a list with items that are there twice if that is what is applied.
   */
  ratchets: boolean;
  /**
   * The smallest part around the problem that the server compares: mostly the field itself, but the whole list where its items
   * have no keys, and for a missing field all that surrounds it. So a ModelServer without `spec.workloadPort` can get another
   * label, and no other `spec.model`. Absent where `ratchets` is false, and for items that are twice in a list: once stored,
   * those are accepted whatever changes, by every version of Kubernetes.
   */
  unchangedPart?: string;
}

/** A part of the schema that this program cannot evaluate; the API server does. */
export interface Unchecked {
  /** Place in the schema: `spec.rules[].name`. */
  path: string;
  /** `rule`, `pattern` or `format`. */
  kind: 'rule' | 'pattern' | 'format';
  /** The CEL expression, the regular expression, the name of the format. */
  text: string;
  why: string;
}
