import { madeBy, type Release } from '../release/release.js';
import { formatStructured, type StructuredFormat } from './structured.js';
import { formatTable } from './table.js';

export function presentHistory(history: readonly Release[], format: 'text' | StructuredFormat, width?: number): string {
  const rows = history.map((release) => ({
    revision: release.version,
    updated: release.info.last_deployed ?? '',
    status: release.info.status,
    chart: `${release.chart.metadata.name}-${release.chart.metadata.version}`,
    appVersion: release.chart.metadata.appVersion ?? '',
    description: release.info.description ?? '',
    madeBy: madeBy(release),
  }));
  if (format !== 'text') return formatStructured(rows, format);
  return formatTable(
    ['REVISION', 'UPDATED', 'STATUS', 'CHART', 'APP VERSION', 'MADE BY', 'DESCRIPTION'],
    rows.map(({ description, ...row }) => [...Object.values(row).map(String), firstLine(description)]),
    width,
  );
}

/** An error of several lines may have become the description. */
function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}
