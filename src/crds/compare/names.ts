import { isDeepStrictEqual } from 'node:util';
import { change, type CrdChange } from './change.js';
import type { CrdSpec } from './crd.js';

const ANOTHER_RESOURCE =
  'the API server refuses this: it makes another kind of resource, and what is stored belongs to the present one';

/** Changes of what the stored resources are found by: the API server accepts none of them once the CRD is established. */
export function identityChanges(before: CrdSpec, after: CrdSpec): CrdChange[] {
  const identity = (path: string, rule: string, old: string, next: string): CrdChange[] =>
    old === next ? [] : [change(path, rule, 'breaking', ANOTHER_RESOURCE, { before: old, after: next })];
  return [
    ...identity('spec.scope', 'scope-changed', before.scope, after.scope),
    ...identity('spec.group', 'group-changed', before.group, after.group),
    ...identity('spec.names.kind', 'kind-changed', before.names.kind, after.names.kind),
    ...identity('spec.names.plural', 'plural-changed', before.names.plural, after.names.plural),
    ...keepingChanges(before, after),
  ];
}

/** `preserveUnknownFields` of the whole CRD is a remnant of apiextensions.k8s.io/v1beta1. */
function keepingChanges(before: CrdSpec, after: CrdSpec): CrdChange[] {
  if (before.preserveUnknownFields === after.preserveUnknownFields) return [];
  const path = 'spec.preserveUnknownFields';
  return before.preserveUnknownFields
    ? [change(path, 'unknown-fields-dropped', 'breaking', 'fields outside the schema are dropped at the next write')]
    : [change(path, 'unknown-fields-kept', 'safe', 'fields outside the schema are kept')];
}

/** Other names for the same resource. */
export function presentationChanges(before: CrdSpec, after: CrdSpec): CrdChange[] {
  return (['singular', 'listKind', 'shortNames', 'categories'] as const).flatMap((key) => {
    const [old, next] = [before.names[key], after.names[key]];
    if (isDeepStrictEqual(old ?? [], next ?? [])) return [];
    const message = 'other names for the resource on the command line and in listings';
    return [change(`spec.names.${key}`, 'names-changed', 'safe', message, { before: old, after: next })];
  });
}
