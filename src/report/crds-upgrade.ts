import type { CrdsUpgradeResult } from '../actions/crds-upgrade.js';
import type { CrdChange } from '../crds/compare/change.js';
import { describeAffected, describeBroken, describeUnchecked } from '../crds/upgrade-check.js';
import type { CrdUpgrade } from '../crds/upgrade-plan.js';
import { formatStructured, type StructuredFormat } from './structured.js';

type Format = 'text' | StructuredFormat;

const DONE: Record<CrdUpgrade['action'], string> = {
  create: 'created',
  upgrade: 'upgraded',
  downgrade: 'downgraded',
  unchanged: 'unchanged',
};

export function presentCrdsUpgrade({ upgrades, backup }: CrdsUpgradeResult, dryRun: boolean, format: Format): string {
  if (format !== 'text')
    return formatStructured({ crds: upgrades.map(upgradeDocument), backup: backup ?? null }, format);
  const lines = upgrades.map(
    ({ name, action }) => `${name} ${dryRun && action !== 'unchanged' ? 'would be ' : ''}${DONE[action]}`,
  );
  return [
    ...lines,
    ...(dryRun ? upgrades.flatMap(({ affected }) => affected.flatMap(describeAffected)) : []),
    ...(backup === undefined ? [] : [`The backup of the resources that break is in ${backup}.`]),
    '',
  ].join('\n');
}

/** What a breaking upgrade breaks, for the question that follows. */
export function describeBreaks(breaking: readonly CrdUpgrade[]): string {
  const lines = describeBroken(breaking).map((line) => `  ${line}\n`);
  return `These resources no longer fit the new CRDs:\n${lines.join('')}`;
}

export function presentCrdsDiff(upgrades: readonly CrdUpgrade[], format: Format): string {
  if (format !== 'text') return formatStructured({ crds: upgrades.map(upgradeDocument) }, format);
  return upgrades.map(diffText).join('\n');
}

function diffText(upgrade: CrdUpgrade): string {
  const { name, installed, action, changes, affected, conflicts, refusal } = upgrade;
  if (installed === undefined) return `${name}: not in the cluster\n`;
  if (changes.length === 0)
    return `${name}: ${action === 'unchanged' ? 'same' : 'same schema, other descriptions or managers'}\n`;
  const hit = affected.flatMap(describeAffected);
  return [
    `${name}:${action === 'downgrade' ? ' newer than the bundle' : ''}`,
    ...changes.map((change) => `  ${describeChange(change)}`),
    ...(hit.length === 0 ? [] : ['  Stored resources that it would break:', ...hit.map((line) => `    ${line}`)]),
    ...describeUnchecked(upgrade).map((line) => `  ${line}`),
    ...conflicts.map((line) => `  owned by another manager: ${line}`),
    ...(refusal === undefined ? [] : [`  The API server does not take it: ${refusal.replaceAll('\n', '\n    ')}`]),
    '',
  ].join('\n');
}

function describeChange({ rating, path, message }: CrdChange): string {
  return `${rating.padEnd(10)} ${path}: ${message}`;
}

function upgradeDocument({ name, action, changes, affected, unchecked, conflicts, refusal }: CrdUpgrade): unknown {
  return { name, action, changes, affected, unchecked, conflicts, ...(refusal === undefined ? {} : { refusal }) };
}
