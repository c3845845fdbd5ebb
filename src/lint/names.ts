import type { KubeObject } from '../kube/object.js';
import { collectFindings, type Report, type StructureFinding } from './finding.js';
import { grammarProblem, type GrammarName } from './grammar.js';
import { KIND_CHECKS } from './kinds.js';
import { checkAnnotations, checkLabels } from './labels.js';
import { childOf, fieldPath, textOf, type Node } from './node.js';

/** Kinds whose names are not just DNS subdomains. */
const NAME_GRAMMARS: ReadonlyMap<string, GrammarName> = new Map([
  ['ClusterRole', 'pathSegment'],
  ['ClusterRoleBinding', 'pathSegment'],
  ['Namespace', 'label'],
  ['Role', 'pathSegment'],
  ['RoleBinding', 'pathSegment'],
  ['Service', 'service'],
]);

const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'MutatingWebhookConfiguration',
  'Namespace',
  'ValidatingWebhookConfiguration',
]);

/**
 * What is wrong with the names in an object and with what they refer to inside it: its own name, labels, selectors, names of containers,
 * ports, variables, volumes, webhooks; requests above limits. What `structureFindings` reports (missing fields, wrong types, repeated keys
 * of list maps) is passed over here, so that the two together say each thing once.
 */
export function nameFindings(object: KubeObject): StructureFinding[] {
  const { findings, report } = collectFindings(object);
  const root: Node = { path: '', map: object };
  checkMetadata(childOf(root, 'metadata'), object.kind, report);
  KIND_CHECKS.get(object.kind)?.(root, report);
  return findings;
}

function checkMetadata(metadata: Node, kind: string, report: Report): void {
  checkOwnName(metadata, kind, report);
  checkNamespace(metadata, kind, report);
  checkLabels(childOf(metadata, 'labels'), report);
  checkAnnotations(childOf(metadata, 'annotations'), report);
}

function checkOwnName(metadata: Node, kind: string, report: Report): void {
  const path = fieldPath(metadata.path, 'name');
  const { name } = metadata.map;
  if (name === undefined || name === null || name === '') return report(path, 'required field is missing');
  const problem = typeof name === 'string' ? grammarProblem(NAME_GRAMMARS.get(kind) ?? 'subdomain', name) : undefined;
  if (problem !== undefined) report(path, problem);
}

function checkNamespace(metadata: Node, kind: string, report: Report): void {
  const path = fieldPath(metadata.path, 'namespace');
  const namespace = textOf(metadata, 'namespace');
  if (namespace === undefined) return;
  const problem = grammarProblem('label', namespace);
  if (problem !== undefined) report(path, problem);
  // The API server drops it without a word; tools that look objects up by namespace and name would not find this one.
  else if (CLUSTER_SCOPED.has(kind)) report(path, `${kind} is cluster-scoped and has no namespace`, 'warning');
}
