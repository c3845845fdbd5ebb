import type { Schema } from '../compare/crd.js';

/** Where a value is in a resource: names of fields, keys of maps, indexes of lists. */
export type Steps = readonly (string | number)[];

export interface Place {
  /** `spec.template.roles[0].labels[app]`. */
  path: string;
  /** Path of the smallest part at or around the place that a ratcheting API server compares on its own; empty for the whole resource. */
  comparedPart: string;
}

/**
 * Names a place, and finds what a ratcheting server compares there. It knows a field or the key of a map again, and the item of a
 * list only by its key: the items of any other list count as new whenever something else in the list changes.
 * https://github.com/kubernetes/apiserver/blob/v0.34.0/pkg/cel/common/equality.go
 */
export function placeOf(steps: Steps, resourceSchema: Schema): Place {
  let path = '';
  let comparedPart = '';
  let comparable = true;
  let schema: Schema | undefined = resourceSchema;
  for (const step of steps) {
    const within: Schema | undefined = partOf(schema, step);
    const known = typeof step === 'string' || schema?.['x-kubernetes-list-type'] === 'map';
    path = typeof step === 'number' || isMapKey(schema, step) ? `${path}[${step}]` : join(path, step);
    comparable &&= within !== undefined && known;
    if (comparable) comparedPart = path;
    schema = within;
  }
  return { path, comparedPart };
}

/** The schema of a field, of a value of a map, or of an item of a list; undefined where there is none. */
export function partOf(schema: Schema | undefined, step: string | number): Schema | undefined {
  if (schema === undefined) return undefined;
  if (typeof step === 'number') return schema.items;
  const { properties, additionalProperties } = schema;
  if (properties !== undefined && Object.hasOwn(properties, step)) return properties[step];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

function isMapKey(schema: Schema | undefined, key: string): boolean {
  if (!schema?.additionalProperties) return false;
  return schema.properties === undefined || !Object.hasOwn(schema.properties, key);
}

function join(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}
