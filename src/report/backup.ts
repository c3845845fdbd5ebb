import type { BackupResult } from '../actions/backup.js';
import { counted } from '../crds/counted.js';
import { formatTable } from './table.js';

export function presentBackup({ file, resources, kinds, namespaces, leftOut }: BackupResult): string {
  const where = Object.keys(namespaces).length;
  const rows = Object.entries(kinds).map(([kind, count]) => [kind, String(count)]);
  return [
    formatTable(['KIND', 'RESOURCES'], rows),
    `${counted(resources, 'resource')} of ${counted(where, 'namespace')} written to ${file ?? 'standard output'}` +
      `${file === undefined ? '' : ', read back and found complete'}.\n`,
    leftOut.children === 0
      ? ''
      : `Left out: ${counted(leftOut.children, 'resource')} that controllers make again for their owners; --all keeps them.\n`,
    leftOut.terminating === 0
      ? ''
      : `Left out: ${counted(leftOut.terminating, 'resource')} that somebody is deleting.\n`,
  ].join('');
}
