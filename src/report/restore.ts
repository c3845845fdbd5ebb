import type { RestoreResult } from '../actions/restore.js';
import type { Incident, KindCounts } from '../backup/outcomes.js';
import { formatStructured, type StructuredFormat } from './structured.js';
import { formatTable } from './table.js';

/** More would not be read; the structured formats have more of them. */
const SHOWN = 20;

const HEADINGS: Record<Incident['type'], string> = {
  refused: 'Refused',
  failed: 'Failed',
  'status-refused': 'Restored without their status',
  remark: 'Restored with a difference',
};

export function presentRestore(result: RestoreResult, format: 'text' | StructuredFormat): string {
  if (format !== 'text') return formatStructured(result, format);
  const { dryRun, file, backup, kinds, createdNamespaces, refusedFile } = result;
  const made = `${file}, made at ${backup.time} of ${backup.server}`;
  return [
    dryRun ? `Dry run of restoring ${made}; nothing was stored.\n` : `Restored from ${made}.\n`,
    countsTable(kinds, dryRun),
    createdNamespaces.length === 0
      ? ''
      : `Namespaces ${dryRun ? 'that would be created' : 'created'}: ${createdNamespaces.join(', ')}\n`,
    ...Object.keys(HEADINGS).map((type) => incidentList(result, type as Incident['type'])),
    refusedFile === undefined ? '' : refusedText(refusedFile),
  ].join('');
}

/** How many resources are not as they should be now: a script is told by the exit code. */
export function unrestored({ kinds }: RestoreResult): number {
  return Object.values(kinds).reduce(
    (sum, { refused, failed, withoutStatus }) => sum + refused + failed + withoutStatus,
    0,
  );
}

function countsTable(kinds: Record<string, KindCounts>, dryRun: boolean): string {
  const untried = Object.values(kinds).some((counts) => counts.untried > 0);
  if (Object.keys(kinds).length === 0) return 'It has no resources.\n';
  const header = ['KIND', dryRun ? 'WOULD BE RESTORED' : 'RESTORED', 'EXISTING', 'REFUSED', 'FAILED'];
  const rows = Object.entries(kinds).map(([kind, { restored, existing, refused, failed, untried: later }]) => [
    kind,
    ...[restored, existing, refused, failed, ...(untried ? [later] : [])].map(String),
  ]);
  return formatTable(untried ? [...header, 'NAMESPACE NOT THERE YET'] : header, rows);
}

function incidentList({ incidents, incidentCount }: RestoreResult, type: Incident['type']): string {
  const these = incidents.filter((incident) => incident.type === type);
  if (these.length === 0) return '';
  const lines = these.slice(0, SHOWN).map(({ resource, reason }) => `  ${resource}: ${reason}\n`);
  const more = these.length - lines.length;
  // Beyond those that are kept, nobody knows of which type the others are.
  const orMore = incidentCount > incidents.length ? ' or more' : '';
  return `${HEADINGS[type]}:\n${lines.join('')}${more === 0 ? '' : `  and ${more}${orMore} others\n`}`;
}

function refusedText(path: string): string {
  return [
    `What was refused is in ${path}, a backup of its own.\n`,
    `Mend it and restore it with: kthena crds restore --allow-edited ${path}\n`,
  ].join('');
}
