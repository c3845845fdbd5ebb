import type { Subresources } from '../compare/crd.js';

const MOST_REPLICAS = 2 ** 31 - 1;

/** What the API server asks of the fields behind the scale subresource, whatever the schema says. Paths are those of the CRD. */
export function scaleProblems(resource: object, scale: Subresources['scale']): { path: string; message: string }[] {
  if (scale === undefined) return [];
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  const problems = [specReplicasPath, statusReplicasPath].flatMap((path) => {
    const message = replicasProblem(valueAt(resource, path));
    return message === undefined ? [] : [{ path: withoutDot(path), message }];
  });
  if (labelSelectorPath !== undefined) {
    const selector = valueAt(resource, labelSelectorPath);
    if (selector !== undefined && typeof selector !== 'string') {
      problems.push({ path: withoutDot(labelSelectorPath), message: 'is not a text' });
    }
  }
  return problems;
}

function replicasProblem(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (!Number.isInteger(value)) return 'is not an integer';
  const replicas = value as number;
  return replicas < 0 || replicas > MOST_REPLICAS ? `${replicas} is not between 0 and ${MOST_REPLICAS}` : undefined;
}

/** @param path `.spec.replicas`: names of fields, no lists */
function valueAt(resource: object, path: string): unknown {
  return withoutDot(path)
    .split('.')
    .reduce<unknown>((value, field) => {
      return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined;
    }, resource);
}

function withoutDot(path: string): string {
  return path.replace(/^\./, '');
}
