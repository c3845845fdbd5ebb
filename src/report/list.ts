import { madeBy, type Release } from '../release/release.js';
import { formatStructured, type StructuredFormat } from './structured.js';
import { formatTable } from './table.js';

export function presentReleases(
  releases: readonly Release[],
  format: 'table' | StructuredFormat,
  width?: number,
): string {
  const rows = releases.map((release) => ({
    name: release.name,
    namespace: release.namespace,
    revision: release.version,
    updated: release.info.last_deployed,
    status: release.info.status,
    chart: `${release.chart.metadata.name}-${release.chart.metadata.version}`,
    appVersion: release.chart.metadata.appVersion ?? '',
    madeBy: madeBy(release),
  }));
  if (format !== 'table') return formatStructured(rows, format);
  return formatTable(
    ['NAME', 'NAMESPACE', 'REVISION', 'UPDATED', 'STATUS', 'CHART', 'APP VERSION', 'MADE BY'],
    rows.map((row) => Object.values(row).map(String)),
    width,
  );
}
