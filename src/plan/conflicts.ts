import type { FieldConflict } from '../kube/api-error.js';
import type { KubeObject } from '../kube/object.js';
import { maskValue } from './difference.js';
import { PREDECESSORS } from './take-over.js';

/** A field that would change and belongs to somebody else. */
export interface Conflict {
  /** As the API server writes it: `.spec.template.spec.containers[name="a"].image`. */
  path: string;
  manager: string;
  /** Undefined where it is not there; masked where it is a Secret's. */
  before: unknown;
  after: unknown;
}

/** A field that is left as somebody else has set it. */
export type KeptField = Conflict;

const REPLICAS = '.spec.replicas';

/** Conflicts that are none: their managers' place is taken. */
export function isWithPredecessor({ manager, subresource }: FieldConflict): boolean {
  return subresource === undefined && PREDECESSORS.has(manager);
}

/**
 * The CA that a webhook trusts: components, cert-manager and this tool write it where the values do not. Values that do say it are
 * the user's word.
 */
export function isTrust({ field }: FieldConflict): boolean {
  return field.startsWith('.webhooks[') && field.endsWith('.clientConfig.caBundle');
}

/** An autoscaler or `kubectl scale` has set the number of replicas. */
export function isScaling({ field, subresource }: FieldConflict): boolean {
  return field === REPLICAS && subresource === 'scale';
}

/** Who owns a field that would change, and both values. */
export function describeConflict(
  { field: path, manager, subresource }: FieldConflict,
  live: KubeObject,
  desired: KubeObject,
): Conflict {
  const valueIn = (object: KubeObject): unknown => maskValue(object.kind, path.slice(1), valueAt(object, path));
  const name = subresource === undefined ? manager : `${manager} (${subresource})`;
  return { path, manager: name, before: valueIn(live), after: valueIn(desired) };
}

/** The object without its number of replicas: what applies it then leaves that to whoever scales. */
export function withoutReplicas(object: KubeObject): KubeObject {
  const { replicas: _left, ...spec } = object['spec'] as Record<string, unknown>;
  return { ...object, spec };
}

/**
 * Where the object says no number of replicas, the one that is running, if this manager or a predecessor has set it: were that field
 * given up, the server would fill in its default, 1.
 */
export function withRunningReplicas(object: KubeObject, live: KubeObject, fieldManager: string): KubeObject {
  const isOurs = (live.metadata.managedFields ?? []).some(
    ({ manager, operation, subresource, fieldsV1 }) =>
      subresource === undefined &&
      (PREDECESSORS.has(manager) || (manager === fieldManager && operation === 'Apply')) &&
      'f:replicas' in ((fieldsV1?.['f:spec'] ?? {}) as object),
  );
  if (!isOurs || replicasOf(object) !== undefined) return object;
  return { ...object, spec: { ...(object['spec'] as object), replicas: replicasOf(live) } };
}

export function replicasOf(object: KubeObject | undefined): unknown {
  return (object?.['spec'] as Record<string, unknown> | undefined)?.['replicas'];
}

/**
 * The value of a path as the API server writes it. Names stand in it as they are, dots included: of several keys that fit,
 * the one that leads to a value is meant.
 */
function valueAt(value: unknown, path: string): unknown {
  if (path === '') return value;
  if (path.startsWith('[')) {
    const end = path.indexOf(']');
    const item = Array.isArray(value)
      ? value.find((candidate) => isSelected(candidate, path.slice(1, end)))
      : undefined;
    return item === undefined ? undefined : valueAt(item, path.slice(end + 1));
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const rest = path.slice(key.length + 1);
    if (path.startsWith(`.${key}`) && (rest === '' || rest.startsWith('.') || rest.startsWith('['))) {
      const found = valueAt(part, rest);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** `name="a"`, `containerPort=80,protocol="TCP"` or, in a list of plain values, `="a"`. */
function isSelected(item: unknown, selector: string): boolean {
  return selector.split(',').every((term) => {
    const [name, text] = [term.slice(0, term.indexOf('=')), term.slice(term.indexOf('=') + 1)];
    const part = name === '' ? item : (item as Record<string, unknown> | null)?.[name];
    return JSON.stringify(part) === text;
  });
}
