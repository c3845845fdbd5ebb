import type { KubeObject } from '../../kube/object.js';
import type { CrdChange } from './change.js';
import { conversionChanges } from './conversion.js';
import { readCrd, schemaOf, type CrdVersion } from './crd.js';
import { identityChanges, presentationChanges } from './names.js';
import { compareSchemas } from './schema/compare.js';
import { subresourceChanges } from './subresources.js';
import { columnChanges, selectableFieldChanges, versionChanges } from './versions.js';

/**
 * Every change from the installed CRD to the wanted one, rated by what it does to stored resources; descriptions are no change.
 * In the order of the CRD: its identity, its versions, then their schemas from the top, fields by name.
 *
 * Pure rules in the spirit of crdify and kapp: they know the two CRDs and not the resources. What `tightening` and `breaking`
 * changes do to the resources that exist is for the resource check (`../stored/check.ts`) to find out.
 *
 * @param installed as the API server gives it, with its `status.storedVersions`
 */
export function compareCrds(installed: KubeObject, wanted: KubeObject): CrdChange[] {
  const [before, after] = [readCrd(installed), readCrd(wanted)];
  return [
    ...identityChanges(before.spec, after.spec),
    ...conversionChanges(before.spec, after.spec),
    ...versionChanges(before, after),
    ...presentationChanges(before.spec, after.spec),
    ...pairs(before.spec.versions, after.spec.versions).flatMap(([old, next]) => [
      ...subresourceChanges(old, next),
      ...selectableFieldChanges(old, next),
      ...columnChanges(old, next),
      ...compareSchemas(old.name, schemaOf(old), schemaOf(next)),
    ]),
  ];
}

function pairs(before: readonly CrdVersion[], after: readonly CrdVersion[]): [CrdVersion, CrdVersion][] {
  return before.flatMap((old): [CrdVersion, CrdVersion][] => {
    const next = after.find(({ name }) => name === old.name);
    return next === undefined ? [] : [[old, next]];
  });
}
