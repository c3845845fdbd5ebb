import type { Schema } from '../compare/crd.js';
import type { Steps } from './place.js';

type JsonMap = Record<string, unknown>;

/** What reading needs to know of a schema, prepared once. */
interface Shape {
  /** Keeps fields it does not name. */
  keeps: boolean;
  /** apiVersion, kind and metadata are kept whatever the schema says. */
  resource: boolean;
  nullable: boolean;
  default: unknown;
  fields: ReadonlyMap<string, Shape>;
  defaults: readonly (readonly [string, Shape])[];
  values: Shape | undefined;
  items: Shape;
}

const ANYTHING = emptyShape(true);
const NO_FIELDS = emptyShape(false);
const RESOURCE_FIELDS = new Set(['apiVersion', 'kind', 'metadata']);

export interface Reading {
  /** The resource as the API server would read it; shares parts with the one given. */
  value: JsonMap;
  /** Where values were dropped. */
  dropped: Steps[];
}

/**
 * Reads a resource as the API server would if it served this schema: fields the schema does not have are dropped, nulls that
 * may not be are taken for missing, and missing fields get their defaults. The server does the same to what comes
 * from etcd and to what a client sends, and validates the outcome.
 * https://github.com/kubernetes/apiextensions-apiserver/tree/v0.34.0/pkg/apiserver/schema (pruning, defaulting)
 *
 * @param keepUnknown `spec.preserveUnknownFields` of the CRD
 */
export function readerFor(schema: Schema, keepUnknown: boolean): (resource: object) => Reading {
  const shape: Shape = { ...shapeOf(schema, false), resource: true };
  return (resource) => {
    const dropped: Steps[] = [];
    const value = readMap(resource as JsonMap, shape, keepUnknown ? undefined : { steps: [], dropped });
    return { value, dropped };
  };
}

/** Where the reading is and what it dropped; absent where nothing is dropped. */
interface Track {
  steps: (string | number)[];
  dropped: Steps[];
}

function read(value: unknown, shape: Shape, track: Track | undefined): unknown {
  if (shape === ANYTHING || typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? readList(value, shape, track) : readMap(value as JsonMap, shape, track);
}

function readList(list: readonly unknown[], { items }: Shape, track: Track | undefined): unknown[] {
  return list.map((item, index) => {
    // A null that may not be stays one without a default: that is for the validation to refuse.
    const given = item === null && !items.nullable ? (items.default ?? null) : item;
    return readPart(given, items, index, track);
  });
}

function readMap(map: JsonMap, shape: Shape, track: Track | undefined): JsonMap {
  // Without a prototype, a key is nothing but a key, even __proto__.
  const result = Object.create(null) as JsonMap;
  for (const key of Object.keys(map)) {
    const value = map[key];
    const part = shape.fields.get(key) ?? shape.values;
    if (shape.resource && RESOURCE_FIELDS.has(key)) {
      result[key] = value;
    } else if (part !== undefined) {
      if (value !== null || part.nullable) result[key] = readPart(value, part, key, track);
      else if (part.default !== undefined) result[key] = read(part.default, part, undefined);
    } else if (shape.keeps || track === undefined) {
      result[key] = value;
    } else {
      track.dropped.push([...track.steps, key]);
    }
  }
  for (const [name, part] of shape.defaults) {
    if (result[name] === undefined) result[name] = read(part.default, part, undefined);
  }
  return result;
}

function readPart(value: unknown, shape: Shape, step: string | number, track: Track | undefined): unknown {
  if (track === undefined || typeof value !== 'object') return read(value, shape, track);
  track.steps.push(step);
  const result = read(value, shape, track);
  track.steps.pop();
  return result;
}

/** @param inKept the schema is that of the items of a list that keeps unknown fields: they do as well */
function shapeOf(schema: Schema, inKept: boolean): Shape {
  const { properties = {}, additionalProperties, items } = schema;
  const keeps = inKept || schema['x-kubernetes-preserve-unknown-fields'] === true;
  const fields = new Map(Object.entries(properties).map(([name, property]) => [name, shapeOf(property, false)]));
  return {
    keeps,
    resource: schema['x-kubernetes-embedded-resource'] === true,
    nullable: schema.nullable === true,
    default: schema.default,
    fields,
    defaults: [...fields].filter(([, { default: value }]) => value !== undefined),
    values: valuesShape(additionalProperties),
    items: items === undefined ? (keeps ? ANYTHING : NO_FIELDS) : shapeOf(items, keeps),
  };
}

/** With `additionalProperties: true` values of every kind are kept, but a map among them has no fields the schema knows. */
function valuesShape(additionalProperties: Schema | boolean | undefined): Shape | undefined {
  if (additionalProperties === true) return NO_FIELDS;
  return typeof additionalProperties === 'object' ? shapeOf(additionalProperties, false) : undefined;
}

/** Where there is no schema, null is a value like any other. */
function emptyShape(keeps: boolean): Shape {
  const shape = { keeps, resource: false, nullable: true, default: undefined, fields: new Map(), defaults: [] };
  const complete = { ...shape, values: undefined } as unknown as Shape;
  complete.items = complete;
  return complete;
}
