import type { CrdsDeleteResult } from '../actions/crds-delete.js';
import type { Census } from '../crds/census.js';
import { formatStructured, type StructuredFormat } from './structured.js';
import { formatTable } from './table.js';

/** What the deletion takes with it, for the question that follows. */
export function describeLoss({ resources, counts, dependents }: Census): string {
  if (resources.length === 0) return 'There are no resources of these kinds.\n';
  const rows = counts.map(({ kind, namespace, count }) => [kind, namespace, String(count)]);
  const run = dependents.map(({ kind, count }) => `${count} ${kind} objects`).join(' and ');
  const lost = `These ${resources.length} resources will be lost:\n${formatTable(['KIND', 'NAMESPACE', 'COUNT'], rows)}`;
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
    `Deleted ${crds.length} CRDs and ${census.resources.length} resources.`,
    ...(backup === undefined
      ? []
      : [
          `The backup is in ${backup}. To get the resources back:`,
          `  kthena install && kthena crds restore ${backup}`,
        ]),
    '',
  ].join('\n');
}
