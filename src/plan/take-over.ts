import type { KubeObject, ManagedFieldsEntry } from '../kube/object.js';
import { union, without, withoutFields, type FieldSet } from './managed-fields.js';

/** Managers that put Kthena into a cluster before: their fields are taken over, everybody else's are a conflict. */
export const PREDECESSORS: ReadonlySet<string> = new Set([
  'helm',
  'kubectl',
  'kubectl-client-side-apply',
  'kubectl-create',
]);

/** Where client-side apply keeps what was applied. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Controllers write it into webhook configurations. Whoever else is recorded for it, a take-over must not end in its removal. */
const CA_BUNDLE = 'f:caBundle';

/** The predecessors who own fields of an object, and so would keep alive what a new version no longer has. */
export function predecessorsOf(object: KubeObject): string[] {
  const managers = (object.metadata.managedFields ?? []).filter(isPredecessors).map(({ manager }) => manager);
  return [...new Set(managers)];
}

/**
 * The object with everything its predecessors own made this manager's, as if it had applied it itself. Merely forcing an apply would
 * leave them as owners of what the new version no longer has, and those fields would stay for ever. The annotation of
 * client-side apply goes: the next `kubectl apply` would compute its changes from it.
 *
 * @returns undefined where there is nothing to take over
 */
export function takeOver(object: KubeObject, manager: string): KubeObject | undefined {
  const entries = object.metadata.managedFields ?? [];
  const isTaken = (entry: ManagedFieldsEntry): boolean => isPredecessors(entry) || isAppliedBy(entry, manager);
  const annotations = { ...object.metadata.annotations };
  const hadAnnotation = LAST_APPLIED in annotations;
  if (predecessorsOf(object).length === 0 && !hadAnnotation) return undefined;
  delete annotations[LAST_APPLIED];
  const fields = withoutLastApplied(takenFields(object, manager));
  const merged: ManagedFieldsEntry = {
    manager,
    operation: 'Apply',
    apiVersion: object.apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: fields,
  };
  const others = entries.filter((entry) => !isTaken(entry));
  const managedFields = [...others, ...(others.length === entries.length ? [] : [merged])];
  return { ...object, metadata: { ...object.metadata, annotations, managedFields } };
}

/**
 * What an object becomes when it is taken over and then applied.
 *
 * @param live as it is in the cluster
 * @param applied what a forced dry run of the apply answered for it, before any take-over
 * @returns without what only the predecessors held; defaults are not filled in
 */
export function afterTakeOver(live: KubeObject, applied: KubeObject, manager: string): KubeObject {
  const entries = applied.metadata.managedFields ?? [];
  const held = entries
    .filter((entry) => !isPredecessors(entry))
    .map(fieldsOf)
    .reduce(union, {});
  const given = withoutLastApplied(takenFields(live, manager));
  return withoutFields(applied, given, held) as KubeObject;
}

function takenFields(object: KubeObject, manager: string): FieldSet {
  const taken = (object.metadata.managedFields ?? []).filter(
    (entry) => isPredecessors(entry) || isAppliedBy(entry, manager),
  );
  const fields = taken.map(fieldsOf).reduce(union, {});
  return object.kind.endsWith('WebhookConfiguration') ? without(fields, CA_BUNDLE) : fields;
}

function fieldsOf({ fieldsV1 }: ManagedFieldsEntry): FieldSet {
  return fieldsV1 ?? {};
}

/** Fields of a subresource are those of who scales or reports, not of who installed. */
function isPredecessors({ manager, subresource }: ManagedFieldsEntry): boolean {
  return subresource === undefined && PREDECESSORS.has(manager);
}

function isAppliedBy(entry: ManagedFieldsEntry, manager: string): boolean {
  return entry.subresource === undefined && entry.manager === manager && entry.operation === 'Apply';
}

function withoutLastApplied(fields: FieldSet): FieldSet {
  const metadata = fields['f:metadata'] as FieldSet | undefined;
  const annotations = metadata?.['f:annotations'] as FieldSet | undefined;
  if (metadata === undefined || annotations === undefined) return fields;
  const { [`f:${LAST_APPLIED}`]: _removed, ...others } = annotations;
  const isEmpty = Object.keys(others).every((key) => key === '.');
  const { 'f:annotations': _annotations, ...rest } = metadata;
  return { ...fields, 'f:metadata': isEmpty ? rest : { ...rest, 'f:annotations': others } };
}
