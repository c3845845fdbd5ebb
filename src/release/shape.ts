import { KthenaError } from '../errors.js';
import { RELEASE_STATUSES, type Release, type ReleaseInfo, type ReleaseStatus } from './release.js';

/**
 * A release from the JSON of a record, with what Helm leaves out because it is empty filled in; fields that nobody knows here stay.
 * `where` names the Secret in the KthenaError `cluster` for a value that is no release; no content of the record appears in it.
 */
export function releaseOf(value: unknown, where: string): Release {
  if (!isMap(value)) throw damaged(where, 'it is not a JSON object');
  const { stored: _, missing: __, ...record } = value;
  const { name, namespace, version, info, chart } = record;
  if (typeof name !== 'string' || name === '') throw damaged(where, 'it has no name');
  if (typeof namespace !== 'string' || namespace === '') throw damaged(where, 'it has no namespace');
  if (!Number.isSafeInteger(version) || (version as number) < 1)
    throw damaged(where, 'its version is not a whole number from 1');
  if (!isMap(info)) throw damaged(where, 'it has no info');
  if (!isMap(chart) || !isMap(chart['metadata'])) throw damaged(where, 'it has no chart metadata');
  const { name: chartName, version: chartVersion } = chart['metadata'];
  if (typeof chartName !== 'string' || typeof chartVersion !== 'string')
    throw damaged(where, 'its chart has no name or no version');
  return {
    ...record,
    info: { ...info, status: statusOf(info['status']) } as ReleaseInfo,
    // Helm leaves out what is empty.
    config: mapOr(record['config'], 'config', where),
    manifest: stringOr(record['manifest'], 'manifest', where),
    hooks: listOr(record['hooks'], 'hooks', where),
  } as Release;
}

function statusOf(status: unknown): ReleaseStatus {
  return RELEASE_STATUSES.find((known) => known === status) ?? 'unknown';
}

function mapOr(value: unknown, field: string, where: string): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (!isMap(value)) throw damaged(where, `its ${field} is not a map`);
  return value;
}

function stringOr(value: unknown, field: string, where: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw damaged(where, `its ${field} is not text`);
  return value;
}

function listOr(value: unknown, field: string, where: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw damaged(where, `its ${field} is not a list`);
  return value;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The error of every record that cannot be read; `what` must quote none of its content. */
export function damaged(where: string, what: string, cause?: unknown): KthenaError {
  return new KthenaError('cluster', `${where}: the release record cannot be read: ${what}`, {
    hint: 'Restore this Secret from a backup; without one, delete it, and the release goes on from its revision before.',
    cause,
  });
}
