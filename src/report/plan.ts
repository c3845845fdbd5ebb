import type { DeploymentPlan } from '../actions/deployment.js';
import { changesOf, namespaceChanges, objectChanges } from '../actions/deployment.js';
import { ratingOf } from '../crds/compare/change.js';
import { describeAffected } from '../crds/upgrade-check.js';
import type { CrdUpgrade } from '../crds/upgrade-plan.js';
import { formatRef, refOf } from '../kube/object.js';
import type { Conflict } from '../plan/conflicts.js';
import type { Difference } from '../plan/difference.js';
import type { Change } from '../plan/plan.js';
import { predecessorsOf } from '../plan/take-over.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { printable } from './printable.js';

/** What is planned for a release. */
export interface PlannedChanges {
  release: ReleaseIdentity;
  plan: DeploymentPlan;
}

const ACTIONS = ['create', 'update', 'adopt', 'delete', 'unchanged'] as const;

/** A line for each object that changes, its fields below it, and the counts at the end. */
export function planText({ release, plan }: PlannedChanges): string {
  const changes = [...namespaceChanges(release, plan.found), ...objectChanges(plan)];
  return printable(
    [
      ...plan.upgrades.flatMap(crdLines),
      ...changes.flatMap(changeLines),
      summaryText(changesOf(release, plan)),
      '',
    ].join('\n'),
  );
}

/** Why it could not be carried out as it is; empty where nothing is in the way. */
export function obstaclesText({ found }: DeploymentPlan): string {
  const lines = found.objects.obstacles.map(({ message }) => `  ${printable(message).replaceAll('\n', '\n    ')}\n`);
  return lines.length === 0 ? '' : `In the way:\n${lines.join('')}`;
}

/** The stable form for scripts, without the head that says what it is. */
export function planDocument({ release, plan }: PlannedChanges): Record<string, unknown> {
  const all = changesOf(release, plan);
  const changes = [...namespaceChanges(release, plan.found), ...objectChanges(plan)];
  return {
    summary: Object.fromEntries(ACTIONS.map((action) => [action, countOf(all, action)])),
    crds: plan.upgrades.map(crdDocument),
    changes: changes.map(changeDocument),
    obstacles: plan.found.objects.obstacles.map(({ kind, message }) => ({ kind, message })),
  };
}

export function changeDocument({ object, ...change }: Change): Record<string, unknown> {
  const base = { action: change.action, ...refOf(object) };
  switch (change.action) {
    case 'create':
      return { ...base, ...(change.waitsFor === undefined ? {} : { waitsFor: change.waitsFor }) };
    case 'update':
    case 'adopt': {
      const { differences, conflicts, kept, takesOver } = change;
      const from = 'from' in change ? { from: change.from } : {};
      return { ...base, differences, conflicts, kept, takesOver, ...from };
    }
    case 'unchanged':
      return { ...base, kept: change.kept };
    case 'delete':
      return base;
  }
}

function crdDocument({ name, action, changes, affected, conflicts }: CrdUpgrade): unknown {
  return { name, action, rating: ratingOf(changes), changes, affected, conflicts };
}

function summaryText(changes: readonly Change[]): string {
  const counts = ACTIONS.map((action) => [countOf(changes, action), action] as const).filter(([count]) => count > 0);
  const words = counts.map(([count, action]) =>
    action === 'unchanged' ? `${count} unchanged` : `${count} to ${action}`,
  );
  return `Plan: ${words.length === 0 ? 'nothing' : words.join(', ')}.`;
}

function countOf(changes: readonly Change[], wanted: Change['action']): number {
  return changes.filter(({ action }) => action === wanted).length;
}

function crdLines({ name, action, installed, changes, affected }: CrdUpgrade): string[] {
  if (action === 'unchanged') return [];
  const takesOver = installed === undefined ? [] : predecessorsOf(installed);
  return [
    `${action.padEnd(6)} CustomResourceDefinition/${name}`,
    ...changes.map(({ rating, path, message }) => `         ${rating}: ${path}: ${message}`),
    ...affected.flatMap(describeAffected).map((line) => `         breaks ${line}`),
    ...takeOverLines(takesOver),
  ];
}

function changeLines(change: Change): string[] {
  const title = `${change.action.padEnd(6)} ${formatRef(refOf(change.object))}`;
  switch (change.action) {
    case 'create':
      return [
        change.waitsFor === undefined ? title : `${title} (not tried: its ${change.waitsFor} does not exist yet)`,
      ];
    case 'delete':
      return [title];
    case 'unchanged':
      return change.kept.length === 0 ? [] : [title, ...change.kept.map(keptLine)];
    case 'update':
    case 'adopt':
      return [
        title,
        ...change.differences.map(differenceLine),
        ...change.conflicts.map(({ path, manager }) => `         belongs to ${manager}: ${path}`),
        ...change.kept.map(keptLine),
        ...takeOverLines(change.takesOver),
      ];
  }
}

function differenceLine({ path, before, after }: Difference): string {
  return `         ${path}: ${valueText(before)} → ${valueText(after)}`;
}

function takeOverLines(managers: readonly string[]): string[] {
  return managers.length === 0 ? [] : [`         takes over the fields of ${managers.join(', ')}`];
}

function keptLine({ path, manager, before, after }: Conflict): string {
  return `         left as ${manager} set it: ${path}: ${valueText(before)} (the values say ${valueText(after)})`;
}

function valueText(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}
