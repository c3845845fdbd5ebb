import { KthenaError } from '../errors.js';
import type { Metadata } from '../kube/object.js';
import { chartOf, type ReleaseChart, type ReleasedChart } from './chart.js';

/** Every status Helm gives a release; `unknown` also stands for one that a later Helm may invent. */
export const RELEASE_STATUSES = [
  'unknown',
  'deployed',
  'uninstalled',
  'superseded',
  'failed',
  'uninstalling',
  'pending-install',
  'pending-upgrade',
  'pending-rollback',
] as const;

export type ReleaseStatus = (typeof RELEASE_STATUSES)[number];

/** Times are RFC 3339 with any number of fractional digits (Helm writes nanoseconds), as Go's `time.Time` prints itself. */
export interface ReleaseInfo {
  first_deployed?: string;
  last_deployed?: string;
  /** When the uninstall began. Helm 3 writes `""` where there was none. */
  deleted?: string;
  description?: string;
  status: ReleaseStatus;
  notes?: string;
  /** Helm 4.3 and later: the revision that a rollback brought back. */
  rollback_revision?: number;
  [key: string]: unknown;
}

/** One object that Helm runs around an operation; releases made by this tool have none. */
export interface ReleaseHook {
  name?: string;
  kind?: string;
  path?: string;
  manifest?: string;
  events?: string[];
  [key: string]: unknown;
}

/**
 * One revision of a release: the JSON that Helm 3 and 4 keep in a Secret, field for field.
 * Fields that this tool does not know survive reading and writing.
 */
export interface Release {
  name: string;
  namespace: string;
  /** The revision, counted from 1. */
  version: number;
  info: ReleaseInfo;
  chart: ReleaseChart;
  /** Only what the user set, without defaults. */
  config: Record<string, unknown>;
  /** The rendered objects as multi-document YAML, without CRDs and hooks. */
  manifest: string;
  hooks: ReleaseHook[];
  /** Helm 4: server-side or client-side apply; Helm takes an absent one as `csa`. */
  apply_method?: 'ssa' | 'csa';
  /** Metadata of the Secret this revision was read from or written to; never part of the JSON. */
  stored?: Metadata;
  /**
   * Why `config` and the defaults of the chart are empty here, of a record that was too large for one Secret: what is kept apart could
   * not be read. Never part of the JSON. Whoever needs the values asks `requireValues` first.
   */
  missing?: string;
  [key: string]: unknown;
}

export interface NewRelease {
  name: string;
  namespace: string;
  revision: number;
  status: ReleaseStatus;
  description: string;
  chart: ReleasedChart;
  config: Record<string, unknown>;
  manifest: string;
  notes?: string;
  now: Date;
  /** `info.first_deployed` of an earlier revision; `now` where this is the first. */
  firstDeployed?: string;
}

/**
 * Says that this tool made the revision, and which. Helm ignores annotations of a chart, but `helm rollback` copies the whole chart of
 * the old revision into the record of a new one: so the annotation carries the revision, and counts only where it is the record's own.
 */
const REVISION_ANNOTATION = 'kthena.io/release-revision';

/** The name of the product's Helm chart, and of every bundle of it. */
const CHART_NAME = 'kthena';

/** A record that this tool made, in the shape of Helm 4. It reads no clock and touches no cluster. */
export function newRelease(parts: NewRelease): Release {
  const now = parts.now.toISOString();
  const annotations = { ...parts.chart.annotations, [REVISION_ANNOTATION]: String(parts.revision) };
  return {
    name: parts.name,
    info: {
      first_deployed: parts.firstDeployed ?? now,
      last_deployed: now,
      description: parts.description,
      status: parts.status,
      ...(parts.notes === undefined ? {} : { notes: parts.notes }),
    },
    chart: chartOf({ ...parts.chart, annotations }),
    config: parts.config,
    manifest: parts.manifest,
    hooks: [],
    version: parts.revision,
    namespace: parts.namespace,
    apply_method: 'ssa',
  };
}

/**
 * The same revision with another status; the one given is left as it is. `now` becomes the time of deletion
 * when an uninstall begins (`uninstalling`, or `uninstalled` without it).
 */
export function withStatus(release: Release, status: ReleaseStatus, description: string, now: Date): Release {
  const info: ReleaseInfo = { ...release.info, status, description };
  const uninstall = status === 'uninstalling' || status === 'uninstalled';
  if (uninstall && !info.deleted) info.deleted = now.toISOString();
  return { ...release, info };
}

/**
 * For whoever goes on to use the values of a release: empty ones would be taken for those the user set.
 *
 * @throws KthenaError `cluster` where they are not at hand
 */
export function requireValues({ name, namespace, version, missing }: Release): void {
  if (missing === undefined) return;
  throw new KthenaError(
    'cluster',
    `release ${namespace}/${name}: the values of revision ${version} cannot be read: they are kept in Secrets of their own, and ${missing}`,
    {
      hint: 'If an operation on the release was cut off, run it again: it writes them anew. Otherwise restore those Secrets from a backup, or give all values once more.',
    },
  );
}

/** True while an operation on the release is under way, or was abandoned. */
export function isPending(status: ReleaseStatus): boolean {
  return status === 'pending-install' || status === 'pending-upgrade' || status === 'pending-rollback';
}

/** Who wrote this revision. What Helm did with a revision of this tool (a rollback to it, say) is Helm's. */
export function madeBy(release: Release): 'kthena' | 'helm' {
  return release.chart.metadata.annotations?.[REVISION_ANNOTATION] === String(release.version) ? 'kthena' : 'helm';
}

/** True where the release is of this product, whoever installed it. */
export function isKthenaRelease(release: Release): boolean {
  return release.chart.metadata.name === CHART_NAME;
}
