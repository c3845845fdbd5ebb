import type { ChalkInstance } from 'chalk';
import type { ReleaseState } from '../actions/status.js';
import { formatRef } from '../kube/object.js';
import { madeBy, type Release } from '../release/release.js';
import type { Observation } from '../wait/observations.js';
import { oneLine, printable } from './printable.js';
import { formatStructured, type StructuredFormat } from './structured.js';
import { formatTable } from './table.js';

export function presentStatus(
  { release, objects }: ReleaseState,
  style: ChalkInstance,
  format: 'text' | StructuredFormat,
  width?: number,
): string {
  if (format !== 'text') return formatStructured(statusDocument(release, objects), format);
  const { info, chart } = release;
  const head = [
    ['Release', `${release.name} (made by ${madeBy(release) === 'helm' ? 'Helm' : 'kthena'})`],
    ['Namespace', release.namespace],
    ['Status', `${info.status}: ${info.description ?? ''}`],
    ['Revision', `${release.version}, ${info.last_deployed}`],
    ['Kthena', chart.metadata.appVersion ?? chart.metadata.version],
  ].map(([label, text]) => `${style.bold(`${label}:`.padEnd(11))}${oneLine(text ?? '')}\n`);
  const rows = objects.map(({ ref, status }) => [
    status.state,
    formatRef(ref),
    status.remark ?? (status.message === status.state ? '' : status.message),
  ]);
  const problems = objects.flatMap(({ ref, problems: causes }) =>
    causes.map(
      ({ reason, message }) => `  ${formatRef(ref)}: ${style.yellow(oneLine(reason))}: ${printable(message)}\n`,
    ),
  );
  const why = problems.length === 0 ? '' : `\nWhy not everything is ready:\n${problems.join('')}`;
  return `${head.join('')}\n${formatTable(['STATE', 'OBJECT', 'MESSAGE'], rows, width)}${why}`;
}

function statusDocument(
  { name, namespace, version, info, chart, ...release }: Release,
  objects: readonly Observation[],
): unknown {
  return {
    name,
    namespace,
    revision: version,
    status: info.status,
    description: info.description,
    firstDeployed: info.first_deployed,
    lastDeployed: info.last_deployed,
    chartVersion: chart.metadata.version,
    appVersion: chart.metadata.appVersion,
    madeBy: madeBy({ name, namespace, version, info, chart, ...release }),
    objects: objects.map(({ ref, status, problems }) => ({ ...ref, ...status, problems })),
  };
}
