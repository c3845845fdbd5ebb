import type { CrdsDeleteResult } from '../actions/crds-delete.js';
import type { Census } from '../crds/census.js';
import { counted } from '../crds/counted.js';
import type { KubeObject } from '../kube/object.js';
import { formatStructured, type StructuredFormat } from './structured.js';
import { formatTable } from './table.js';

/** What the deletion takes with it, for the question that follows. */
export function describeLoss(census: Census, crds: readonly KubeObject[]): string {
  const names = crds.map(({ metadata }) => `  ${metadata.name}\n`).join('');
  return `${counted(crds.length, 'CRD')} will be deleted:\n${names}${describeResources(census)}`;
}

function describeResources({ resources, counts, dependents }: Census): string {
  if (resources.length === 0) return 'There are no resources of these kinds.\n';
  const rows = counts.map(({ kind, namespace, count }) => [kind, namespace, String(count)]);
  const run = dependents.map(({ kind, count }) => counted(count, `${kind} object`)).join(' and ');
  const lost = `${counted(resources.length, 'resource')} will be lost:\n${formatTable(['KIND', 'NAMESPACE', 'COUNT'], rows)}`;
  return run === '' ? lost : `${lost}With them go ${run} that the controllers run for them.\n`;
}

export function presentCrdsDelete(
  { crds, census, backup }: CrdsDeleteResult,
  format: 'text' | StructuredFormat,
): string {
  const { counts, dependents } = census;
  if (format !== 'text')
    return formatStructured({ crds, resources: counts, dependents, backup: backup ?? null }, format);
  if (crds.length === 0) return 'The cluster has none of these CRDs.\n';
  return [
    `Deleted ${counted(crds.length, 'CRD')} and ${counted(census.resources.length, 'resource')}.`,
    ...(backup === undefined
      ? []
      : [
          `The backup is in ${backup}. To get the resources back:`,
          `  kthena install && kthena crds restore ${backup}`,
        ]),
    '',
  ].join('\n');
}
