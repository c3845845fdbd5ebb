import type { InstallResult } from '../actions/install-request.js';
import { formatRef, refOf } from '../kube/object.js';
import type { Change } from '../plan/plan.js';
import { printManifest } from '../render/print.js';
import type { RenderedObject } from '../render/render.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { keptNotes } from './kept.js';
import { changeDocument } from './plan.js';
import { withoutSecret } from './secret.js';
import { formatStructured, type StructuredFormat } from './structured.js';

type Format = 'text' | StructuredFormat;

export function presentInstall(result: InstallResult, appVersion: string, format: Format): string {
  if (format !== 'text') return formatStructured(installDocument(result), format);
  switch (result.outcome) {
    case 'dry-run':
      return dryRunText(result);
    case 'unchanged':
      return [
        `Release ${result.release.name} is installed already, and nothing changes (revision ${result.revision}).`,
        ...keptNotes(result.changes),
        '',
      ].join('\n');
    case 'installed':
      return installedText(result, appVersion);
  }
}

/** An install without a cluster: what would be applied. */
export function presentClientDryRun(
  bundleName: string,
  release: ReleaseIdentity,
  objects: readonly RenderedObject[],
  format: Format,
): string {
  if (format === 'text') {
    return printManifest(
      bundleName,
      objects.map(({ source, object }) => ({ source, object: withoutSecret(object) })),
    );
  }
  const changes = objects.map(({ object }): Change => ({ action: 'create', object }));
  return formatStructured(installDocument({ outcome: 'dry-run', release, revision: 1, changes, remarks: [] }), format);
}

/** The stable form for scripts. */
function installDocument({ outcome, release, revision, changes, remarks }: InstallResult): unknown {
  return { ...release, outcome, revision, changes: changes.map(changeDocument), remarks };
}

function dryRunText({ release, changes }: InstallResult): string {
  const lines = changes.map((change) => `  ${formatRef(refOf(change.object))} ${describeChange(change)}`);
  return [
    `Dry run of installing ${release.name} in namespace ${release.namespace}; nothing was stored.`,
    ...lines,
    '',
  ].join('\n');
}

function describeChange(change: Change): string {
  switch (change.action) {
    case 'create':
      return change.waitsFor === undefined
        ? 'would be created'
        : `would be created (not tried: its ${change.waitsFor} does not exist yet)`;
    case 'update':
      return `would be updated: ${change.differences.map(({ path }) => path).join(', ')}`;
    case 'adopt':
      return 'would be adopted';
    case 'delete':
      return 'would be deleted';
    case 'unchanged':
      return 'would not change';
  }
}

function installedText({ release, revision, changes, remarks }: InstallResult, appVersion: string): string {
  const count = (action: Change['action']): number => changes.filter((change) => change.action === action).length;
  const counts = [
    `${count('create')} created`,
    ...(count('update') + count('adopt') > 0 ? [`${count('update') + count('adopt')} configured`] : []),
    ...(count('unchanged') > 0 ? [`${count('unchanged')} unchanged`] : []),
  ];
  return [
    `Kthena ${appVersion} is installed: release ${release.name}, namespace ${release.namespace}, revision ${revision}.`,
    `Objects: ${counts.join(', ')}.`,
    ...keptNotes(changes),
    ...remarks.map((remark) => `Note: ${remark}`),
    `See how it is doing with: kthena status ${release.name} -n ${release.namespace}`,
    '',
  ].join('\n');
}
