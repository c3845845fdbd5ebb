import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ManagedFieldsEntry, Metadata } from '../kube/object.js';
import type { FieldSet } from '../plan/managed-fields.js';
import { takeOver } from '../plan/take-over.js';

/**
 * Whether applying the wanted CRD would certainly change nothing, since it is what this tool has applied and nobody has changed since.
 * To let the server try it would take most of the time of an upgrade that changes nothing. `false` is no answer: the server has one.
 *
 * @param manager the field manager of this tool
 */
export function isApplied(installed: KubeObject, wanted: KubeObject, manager: string): boolean {
  const entries = (installed.metadata.managedFields ?? []).filter(({ subresource }) => subresource === undefined);
  const own = entries.find((entry) => entry.manager === manager && entry.operation === 'Apply');
  return (
    own !== undefined &&
    installed.metadata.deletionTimestamp === undefined &&
    takeOver(installed, manager) === undefined &&
    isSoleManager(installed, manager) &&
    holdsSame('labels', own, installed.metadata, wanted.metadata) &&
    holdsSame('annotations', own, installed.metadata, wanted.metadata) &&
    isDeepStrictEqual(givenSpec(installed), givenSpec(wanted))
  );
}

/** Whether nobody else has written to the spec. */
export function isSoleManager({ metadata }: KubeObject, manager: string): boolean {
  const ofSpec = (metadata.managedFields ?? []).filter(
    ({ subresource, fieldsV1 }) => subresource === undefined && fieldsV1 !== undefined && 'f:spec' in fieldsV1,
  );
  return ofSpec.every((entry) => entry.manager === manager);
}

/** What the manager holds of the labels is what is wanted, with the wanted values. */
function holdsSame(
  name: 'labels' | 'annotations',
  { fieldsV1 }: ManagedFieldsEntry,
  installed: Metadata,
  wanted: Metadata,
): boolean {
  const metadata = (fieldsV1?.['f:metadata'] ?? {}) as FieldSet;
  const held = Object.keys((metadata[`f:${name}`] ?? {}) as FieldSet).filter((key) => key !== '.');
  const asked = Object.entries(wanted[name] ?? {});
  return held.length === asked.length && asked.every(([key, value]) => installed[name]?.[key] === value);
}

/** Without the default that the server adds. */
function givenSpec(crd: KubeObject): Record<string, unknown> {
  const { conversion, ...spec } = crd['spec'] as Record<string, unknown>;
  return isDeepStrictEqual(conversion, { strategy: 'None' }) || conversion === undefined
    ? spec
    : { ...spec, conversion };
}
