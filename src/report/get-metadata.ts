import type { ChalkInstance } from 'chalk';
import { madeBy, type Release } from '../release/release.js';
import { oneLine } from './printable.js';
import { formatStructured, type StructuredFormat } from './structured.js';

export function presentMetadata(release: Release, style: ChalkInstance, format: 'text' | StructuredFormat): string {
  const { metadata } = release.chart;
  const facts = {
    name: release.name,
    namespace: release.namespace,
    revision: release.version,
    status: release.info.status,
    chart: metadata.name,
    version: metadata.version,
    appVersion: metadata.appVersion ?? '',
    deployedAt: release.info.last_deployed ?? '',
    madeBy: madeBy(release),
  };
  if (format !== 'text') return formatStructured(facts, format);
  const lines = Object.entries({
    Release: facts.name,
    Namespace: facts.namespace,
    Revision: facts.revision,
    Status: facts.status,
    Chart: facts.chart,
    Version: facts.version,
    Kthena: facts.appVersion,
    Deployed: facts.deployedAt,
    'Made by': facts.madeBy === 'helm' ? 'Helm' : 'kthena',
  });
  return lines.map(([label, text]) => `${style.bold(`${label}:`.padEnd(11))}${oneLine(String(text))}\n`).join('');
}
