import { KthenaError } from '../errors.js';
import { isMap } from './node.js';
import type { ObjectSchemas, Schema } from './schema.js';

/**
 * Reads the format of `schemas/*.json`: `{kinds: {"apps/v1/Deployment": "<definition>"}, definitions: {"<definition>": schema}}`,
 * one such document or a list of them, which may refer to each other's definitions.
 * Throws KthenaError `bundle` for anything else.
 */
export function parseSchemas(json: unknown): ObjectSchemas {
  const kinds = new Map<string, string>();
  const definitions = new Map<string, Schema>();
  for (const document of Array.isArray(json) ? (json as unknown[]) : [json]) {
    if (!isMap(document) || !isMap(document.kinds) || !isMap(document.definitions))
      throw damaged('kinds or definitions are missing');
    for (const [kind, definition] of Object.entries(document.kinds)) {
      if (typeof definition !== 'string') throw damaged(`${kind} names no definition`);
      addOnce(kinds, kind, definition);
    }
    for (const [name, schema] of Object.entries(document.definitions)) {
      if (!isMap(schema)) throw damaged(`${name} is not a schema`);
      addOnce(definitions, name, schema as Schema);
    }
  }
  for (const [kind, definition] of kinds) {
    if (!definitions.has(definition)) throw damaged(`${kind} refers to ${definition}, which is missing`);
  }
  return { kinds, definitions };
}

function addOnce<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.has(key)) throw damaged(`${key} is there twice`);
  map.set(key, value);
}

function damaged(what: string): KthenaError {
  return new KthenaError('bundle', `The schemas of Kubernetes objects cannot be read: ${what}.`, {
    hint: 'The installation is damaged: install kthena again.',
  });
}
