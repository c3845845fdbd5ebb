import { isDeepStrictEqual } from 'node:util';
import { change, type CrdChange } from './change.js';
import type { Crd, CrdVersion } from './crd.js';

/** Versions that come, go, or change their part: served, stored in, deprecated. */
export function versionChanges(before: Crd, after: Crd): CrdChange[] {
  const next = new Map(after.spec.versions.map((version) => [version.name, version]));
  const known = new Set(before.spec.versions.map(({ name }) => name));
  return [
    ...before.storedVersions.filter((name) => !next.has(name)).map(storedVersionRemoved),
    ...before.spec.versions.flatMap((version) => {
      const kept = next.get(version.name);
      if (kept !== undefined) return keptVersionChanges(version, kept);
      return before.storedVersions.includes(version.name) ? [] : [versionRemoved(version)];
    }),
    ...after.spec.versions.filter(({ name }) => !known.has(name)).map(versionAdded),
    ...storageChanges(before, after),
  ];
}

function storedVersionRemoved(name: string): CrdChange {
  const message = `the API server refuses this while status.storedVersions names ${name}: resources may still be stored in it`;
  return change(pathOf(name), 'stored-version-removed', 'breaking', message);
}

function versionRemoved({ name, served }: CrdVersion): CrdChange {
  return served
    ? change(pathOf(name), 'version-removed', 'breaking', `resources can no longer be reached as ${name}`)
    : change(pathOf(name), 'version-removed', 'safe', 'the version was not served and nothing is stored in it');
}

function versionAdded({ name }: CrdVersion): CrdChange {
  return change(pathOf(name), 'version-added', 'safe', `resources can be reached as ${name} too`);
}

function keptVersionChanges(before: CrdVersion, after: CrdVersion): CrdChange[] {
  const path = pathOf(before.name);
  const changes: CrdChange[] = [];
  if (before.served && !after.served) {
    const message = `resources can no longer be reached as ${before.name}`;
    changes.push(change(`${path}.served`, 'version-not-served', 'breaking', message));
  }
  if (!before.served && after.served) {
    changes.push(change(`${path}.served`, 'version-served', 'safe', `resources can be reached as ${before.name} too`));
  }
  if (!before.deprecated && after.deprecated) {
    changes.push(change(`${path}.deprecated`, 'version-deprecated', 'safe', 'clients that use the version are warned'));
  }
  return changes;
}

function storageChanges(before: Crd, after: Crd): CrdChange[] {
  const [old, next] = [before, after].map(({ spec }) => spec.versions.find(({ storage }) => storage)?.name);
  if (old === next) return [];
  const message =
    'whatever is written from now on is stored in another version; an older CRD that lacks it cannot be put back';
  return [change('spec.versions', 'storage-version-changed', 'tightening', message, { before: old, after: next })];
}

/** Field selectors that clients may use; those that are gone are answered with an error. */
export function selectableFieldChanges(before: CrdVersion, after: CrdVersion): CrdChange[] {
  const [old, next] = [before, after].map(({ selectableFields }) =>
    (selectableFields ?? []).map(({ jsonPath }) => jsonPath),
  );
  const path = `${pathOf(before.name)}.selectableFields`;
  const only = (fields: string[], others: string[]): string[] => fields.filter((field) => !others.includes(field));
  return [
    ...only(old!, next!).map((field) =>
      change(path, 'selectable-field-removed', 'breaking', 'requests that select by the field are refused', {
        before: field,
      }),
    ),
    ...only(next!, old!).map((field) =>
      change(path, 'selectable-field-added', 'safe', 'requests may select by the field', { after: field }),
    ),
  ];
}

export function columnChanges(before: CrdVersion, after: CrdVersion): CrdChange[] {
  const columns = [before, after].map(({ additionalPrinterColumns = [] }) =>
    additionalPrinterColumns.map(withoutDescription),
  );
  if (isDeepStrictEqual(columns[0], columns[1])) return [];
  const path = `${pathOf(before.name)}.additionalPrinterColumns`;
  return [change(path, 'printer-columns-changed', 'safe', 'kubectl get shows other columns')];
}

function withoutDescription(column: unknown): unknown {
  const { description: _, ...rest } = column as Record<string, unknown>;
  return rest;
}

function pathOf(version: string): string {
  return `spec.versions[${version}]`;
}
