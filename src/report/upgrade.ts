import type { RollbackResult } from '../actions/rollback.js';
import type { UpgradeResult } from '../actions/upgrade.js';
import type { Change } from '../plan/plan.js';
import { keptNotes } from './kept.js';
import { changeDocument } from './plan.js';
import { formatStructured, type StructuredFormat } from './structured.js';

type Format = 'text' | StructuredFormat;

export function presentUpgrade(result: UpgradeResult, appVersion: string, format: Format): string {
  const { release, outcome, revision, changes, remarks } = result;
  if (format !== 'text') return formatStructured(resultDocument(result), format);
  const { name, namespace } = release;
  switch (outcome) {
    case 'unchanged':
      return [
        `Release ${name} is as it should be: nothing changes (revision ${revision}).`,
        ...keptNotes(changes),
        '',
      ].join('\n');
    case 'dry-run':
      return `Dry run of upgrading ${name} in namespace ${namespace}; nothing was stored.\n`;
    case 'upgraded':
      return [
        `Release ${name} in namespace ${namespace} is upgraded to Kthena ${appVersion}: revision ${revision}.`,
        ...endOf(result.release, changes, remarks),
      ].join('\n');
  }
}

export function presentRollback(result: RollbackResult, format: Format): string {
  const { release, outcome, revision, target, changes, remarks } = result;
  if (format !== 'text') return formatStructured({ ...resultDocument(result), target }, format);
  const { name, namespace } = release;
  const notes = remarks.map((remark) => `Note: ${remark}`);
  switch (outcome) {
    case 'unchanged':
      return [
        `Release ${name} is as revision ${target} was: nothing changes (revision ${revision}).`,
        ...notes,
        '',
      ].join('\n');
    case 'dry-run':
      return [`Dry run of rolling ${name} back to revision ${target}; nothing was stored.`, ...notes, ''].join('\n');
    case 'rolled-back':
      return [
        `Release ${name} in namespace ${namespace} is back at revision ${target}, as revision ${revision}.`,
        ...endOf(release, changes, remarks),
      ].join('\n');
  }
}

function resultDocument({ release, outcome, revision, changes, remarks }: UpgradeResult | RollbackResult): object {
  return { ...release, outcome, revision, changes: changes.map(changeDocument), remarks };
}

function endOf(
  { name, namespace }: UpgradeResult['release'],
  changes: readonly Change[],
  remarks: readonly string[],
): string[] {
  const count = (...actions: Change['action'][]): number =>
    changes.filter(({ action }) => actions.includes(action)).length;
  const counts = [
    [count('create'), 'created'],
    [count('update', 'adopt'), 'configured'],
    [count('delete'), 'deleted'],
    [count('unchanged'), 'unchanged'],
  ] as const;
  const words = counts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return [
    `Objects: ${words.join(', ')}.`,
    ...keptNotes(changes),
    ...remarks.map((remark) => `Note: ${remark}`),
    `See how it is doing with: kthena status ${name} -n ${namespace}`,
    '',
  ];
}
