import { loadAll, YAMLException } from 'js-yaml';
import type { KubeObject } from './object.js';
import { HELM_SCHEMA } from './yaml-schema.js';

/** Bounds of what is read: far above any real manifest, far below what would exhaust memory. */
const MAX_CHARACTERS = 16 * 1024 * 1024;
const MAX_NODES = 1_000_000;
const MAX_DEPTH = 100;

/**
 * The error for text that is no YAML of objects.
 *
 * @param what `it has a Secret without a name`; it quotes nothing of the text
 * @param at `:12:3`, line and column, where they are known; empty otherwise
 */
export type Refuse = (what: string, at: string) => Error;

/**
 * The objects of multi-document YAML, in its order. Documents without content are skipped and lists are taken apart; each object has
 * an apiVersion, a kind and a name. No two objects share parts, whatever aliases the YAML has.
 *
 * @throws what `refuse` makes
 */
export function parseObjects(text: string, refuse: Refuse): KubeObject[] {
  if (text.length > MAX_CHARACTERS) throw refuse(`it has more than ${MAX_CHARACTERS} characters`, '');
  const budget = { nodes: MAX_NODES };
  return parse(text, refuse)
    .map((document) => expand(document, budget, MAX_DEPTH, refuse))
    .filter((document) => document !== null)
    .flatMap((document) => flatten(document, refuse));
}

function parse(text: string, refuse: Refuse): unknown[] {
  try {
    // Helm lets the last of two equal keys win when it applies a manifest: `json` does the same.
    return loadAll(text, { schema: HELM_SCHEMA, json: true, maxDepth: MAX_DEPTH });
  } catch (error) {
    // The message quotes the lines around the fault, which may be those of a Secret: neither shown nor kept as the cause.
    const mark = error instanceof YAMLException ? error.mark : undefined;
    throw refuse('it is not valid YAML', mark === undefined ? '' : `:${mark.line + 1}:${mark.column + 1}`);
  }
}

/** A copy without shared parts. A few aliases of aliases can stand for billions of nodes, hence the budget. */
function expand(value: unknown, budget: { nodes: number }, depth: number, refuse: Refuse): unknown {
  if (--budget.nodes < 0) throw refuse(`it has more than ${MAX_NODES} nodes`, '');
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) throw refuse(`it is nested more than ${MAX_DEPTH} levels deep`, '');
  if (Array.isArray(value)) return value.map((item) => expand(item, budget, depth - 1, refuse));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expand(item, budget, depth - 1, refuse)]));
}

function flatten(document: unknown, refuse: Refuse): KubeObject[] {
  if (!isMap(document)) throw refuse('it has a document that is not a map', '');
  const { apiVersion, kind, items } = document;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    throw refuse('it has an object without apiVersion or kind', '');
  }
  if (kind.endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item) => flatten(itemOf(item, apiVersion, kind), refuse));
  }
  const name = isMap(document['metadata']) ? document['metadata']['name'] : undefined;
  if (typeof name !== 'string' || name === '') throw refuse(`it has a ${kind} without a name`, '');
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
