import { compareCrds } from '../crds/compare/compare.js';
import { storedVersions } from '../crds/crd.js';
import type { CrdEntry } from '../crds/inventory.js';
import { formatStructured, type StructuredFormat } from './structured.js';
import { formatTable } from './table.js';

export function presentInventory(
  entries: readonly CrdEntry[],
  format: 'table' | StructuredFormat,
  width?: number,
): string {
  const rows = entries.map((entry) => ({
    name: entry.name,
    kind: entry.kind,
    state: stateOf(entry),
    storedVersions: entry.installed === undefined ? [] : storedVersions(entry.installed),
    resources: entry.resources,
    managers: managersOf(entry),
  }));
  if (format !== 'table') return formatStructured(rows, format);
  return formatTable(
    ['NAME', 'STATE', 'STORED VERSIONS', 'RESOURCES', 'MANAGERS'],
    rows.map(({ name, state, storedVersions: stored, resources, managers }) => [
      name,
      state,
      stored.join(','),
      String(resources),
      managers.join(','),
    ]),
    width,
  );
}

function stateOf({ installed, bundled }: CrdEntry): string {
  if (installed === undefined) return 'missing';
  if (installed.metadata.deletionTimestamp !== undefined) return 'being deleted';
  if (bundled === undefined) return 'not of this bundle';
  return compareCrds(installed, bundled).length === 0 ? 'same' : 'differs';
}

/** Who manages what the CRD says; its status is the API server's. */
function managersOf({ installed }: CrdEntry): string[] {
  const entries = installed?.metadata.managedFields ?? [];
  return [...new Set(entries.filter(({ subresource }) => subresource === undefined).map(({ manager }) => manager))];
}
