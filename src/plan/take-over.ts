import type { KubeObject, ManagedFieldsEntry } from '../kube/object.js';

/** Managers that put Kthena into a cluster before: their fields are taken over, everybody else's are a conflict. */
export const PREDECESSORS: ReadonlySet<string> = new Set([
  'helm',
  'kubectl',
  'kubectl-client-side-apply',
  'kubectl-create',
]);

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * The object with everything its predecessors own made this manager's, as if it had applied it itself. Merely forcing an apply would
 * leave them as owners of what the new version no longer has, and those fields would stay for ever. The annotation of
 * client-side apply goes: the next `kubectl apply` would compute its changes from it.
 *
 * @returns undefined where there is nothing to take over
 */
export function takeOver(object: KubeObject, manager: string): KubeObject | undefined {
  const entries = object.metadata.managedFields ?? [];
  const isOurs = (entry: ManagedFieldsEntry): boolean =>
    entry.subresource === undefined &&
    (PREDECESSORS.has(entry.manager) || (entry.manager === manager && entry.operation === 'Apply'));
  const taken = entries.filter(isOurs);
  const annotations = { ...object.metadata.annotations };
  const hadAnnotation = LAST_APPLIED in annotations;
  if (taken.every((entry) => entry.manager === manager) && !hadAnnotation) return undefined;
  delete annotations[LAST_APPLIED];
  const fields = taken.map(({ fieldsV1 }) => fieldsV1 ?? {}).reduce(union, {});
  removeAnnotation(fields);
  const merged: ManagedFieldsEntry = {
    manager,
    operation: 'Apply',
    apiVersion: object.apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: fields,
  };
  const managedFields = [...entries.filter((entry) => !isOurs(entry)), ...(taken.length === 0 ? [] : [merged])];
  return { ...object, metadata: { ...object.metadata, annotations, managedFields } };
}

type Fields = Record<string, unknown>;

/** Field sets (meta/v1 FieldsV1) are trees of maps: every path that is in one of the two. */
function union(a: Fields, b: Fields): Fields {
  const result: Fields = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const own = result[key];
    result[key] = own === undefined ? value : union(own as Fields, value as Fields);
  }
  return result;
}

function removeAnnotation(fields: Fields): void {
  const metadata = fields['f:metadata'] as Fields | undefined;
  const annotations = metadata?.['f:annotations'] as Fields | undefined;
  if (metadata === undefined || annotations === undefined) return;
  const { [`f:${LAST_APPLIED}`]: _removed, ...others } = annotations;
  const isEmpty = Object.keys(others).every((key) => key === '.');
  const { 'f:annotations': _annotations, ...rest } = metadata;
  fields['f:metadata'] = isEmpty ? rest : { ...rest, 'f:annotations': others };
}
