import type { Report } from './finding.js';
import { grammarProblem, qualifiedNameProblem } from './grammar.js';
import { childOf, itemsOf, keyPath, textOf, type Node } from './node.js';

const ANNOTATIONS_BYTES = 256 * 1024;

/** Keys and values of a map of labels: of an object, a pod template or a selector. */
export function checkLabels(labels: Node, report: Report): void {
  for (const [key, value] of Object.entries(labels.map)) {
    const problem =
      qualifiedNameProblem(key) ?? (typeof value === 'string' ? grammarProblem('labelValue', value) : undefined);
    if (problem !== undefined) report(keyPath(labels.path, key), problem);
  }
}

/** Keys of a map of annotations, and its size. */
export function checkAnnotations(annotations: Node, report: Report): void {
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations.map)) {
    // The API server folds the case of annotation keys, and only of those, before it looks at them.
    const problem = qualifiedNameProblem(key.toLowerCase());
    if (problem !== undefined) report(keyPath(annotations.path, key), problem);
    bytes += Buffer.byteLength(key) + (typeof value === 'string' ? Buffer.byteLength(value) : 0);
  }
  if (bytes > ANNOTATIONS_BYTES)
    report(annotations.path, `${bytes} bytes long, at most ${ANNOTATIONS_BYTES} are allowed`);
}

/** A workload's selector: not empty, well formed, and met by the labels of the pods the workload makes. */
export function checkSelector(selector: Node, labels: ReadonlyMap<string, unknown>, report: Report): void {
  const wanted = childOf(selector, 'matchLabels');
  const expressions = itemsOf(selector, 'matchExpressions');
  if (Object.keys(wanted.map).length === 0 && expressions.length === 0) report(selector.path, 'must not be empty');
  checkLabels(wanted, report);
  for (const [key, value] of Object.entries(wanted.map)) {
    const label = labels.get(key);
    if (label === value) continue;
    const actual = label === undefined ? 'which has no such label' : `where it is ${JSON.stringify(label)}`;
    report(keyPath(wanted.path, key), `${JSON.stringify(value)} does not match the pod template, ${actual}`);
  }
  for (const expression of expressions) checkExpression(expression, labels, report);
}

function checkExpression({ path, map }: Node, labels: ReadonlyMap<string, unknown>, report: Report): void {
  const key = textOf({ path, map }, 'key');
  if (key === undefined) return;
  const values: unknown[] = Array.isArray(map.values) ? map.values : [];
  const label = labels.get(key);
  const met: Record<string, boolean> = {
    In: values.includes(label),
    NotIn: !values.includes(label),
    Exists: label !== undefined,
    DoesNotExist: label === undefined,
  };
  const operator = String(map.operator);
  if (met[operator] === false) report(path, `${key} ${operator} does not match the labels of the pod template`);
}
