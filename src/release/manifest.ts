import { loadAll, YAMLException } from 'js-yaml';
import { KthenaError } from '../errors.js';
import type { KubeObject } from '../kube/object.js';
import { HELM_SCHEMA } from './yaml-schema.js';

/** Bounds of what is read: far above any real manifest, far below what would exhaust memory. */
const MAX_CHARACTERS = 16 * 1024 * 1024;
const MAX_NODES = 1_000_000;
const MAX_DEPTH = 100;

/**
 * The objects of a recorded manifest, in its order: multi-document YAML as Helm or this tool prints it. Documents without content
 * are skipped and lists are taken apart; objects may lack `metadata.namespace` where it is that of the release.
 * No two objects share parts, whatever aliases the YAML has.
 *
 * @throws KthenaError `cluster`, beginning with `where:line:column` or `where`, if it is not such YAML; it quotes nothing of the manifest
 */
export function objectsOf(manifest: string, where = 'manifest'): KubeObject[] {
  if (manifest.length > MAX_CHARACTERS) throw unreadable(where, `it has more than ${MAX_CHARACTERS} characters`);
  const budget = { nodes: MAX_NODES };
  return parse(manifest, where)
    .map((document) => expand(document, budget, MAX_DEPTH, where))
    .filter((document) => document !== null)
    .flatMap((document) => flatten(document, where));
}

function parse(manifest: string, where: string): unknown[] {
  try {
    // Helm lets the last of two equal keys win when it applies a manifest: `json` does the same.
    return loadAll(manifest, { schema: HELM_SCHEMA, json: true, maxDepth: MAX_DEPTH });
  } catch (error) {
    // The message quotes the lines around the fault, which may be those of a Secret: neither shown nor kept as the cause.
    const mark = error instanceof YAMLException ? error.mark : undefined;
    const at = mark === undefined ? '' : `:${mark.line + 1}:${mark.column + 1}`;
    throw unreadable(`${where}${at}`, 'it is not valid YAML');
  }
}

/** A copy without shared parts. A few aliases of aliases can stand for billions of nodes, hence the budget. */
function expand(value: unknown, budget: { nodes: number }, depth: number, where: string): unknown {
  if (--budget.nodes < 0) throw unreadable(where, `it has more than ${MAX_NODES} nodes`);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) throw unreadable(where, `it is nested more than ${MAX_DEPTH} levels deep`);
  if (Array.isArray(value)) return value.map((item) => expand(item, budget, depth - 1, where));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expand(item, budget, depth - 1, where)]));
}

function flatten(document: unknown, where: string): KubeObject[] {
  if (!isMap(document)) throw unreadable(where, 'it has a document that is not a map');
  const { apiVersion, kind, items } = document;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    throw unreadable(where, 'it has an object without apiVersion or kind');
  }
  if (kind.endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item) => flatten(itemOf(item, apiVersion, kind), where));
  }
  const name = isMap(document['metadata']) ? document['metadata']['name'] : undefined;
  if (typeof name !== 'string' || name === '') throw unreadable(where, `it has a ${kind} without a name`);
  return [document as KubeObject];
}

/** Items of a typed list, such as a RoleList, need not say what they are. */
function itemOf(item: unknown, apiVersion: string, listKind: string): unknown {
  if (!isMap(item) || item['kind'] !== undefined || item['apiVersion'] !== undefined) return item;
  return { apiVersion, kind: listKind.slice(0, -'List'.length), ...item };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(where: string, what: string): KthenaError {
  return new KthenaError('cluster', `${where}: the recorded manifest cannot be read: ${what}`, {
    hint: 'Restore the Secret of this release from a backup, or roll back to a revision whose record is whole.',
  });
}
