/** `Chart.yaml` of a chart, as JSON. */
export interface ChartMetadata {
  name: string;
  version: string;
  description?: string;
  apiVersion?: string;
  appVersion?: string;
  annotations?: Record<string, string>;
  type?: string;
  [key: string]: unknown;
}

/** A file of a chart; `data` is base64. */
export interface ChartFile {
  name: string;
  data: string;
  [key: string]: unknown;
}

/** Marks a record whose values are kept in Secrets of their own: see `partsMark`. */
export const PARTS_ANNOTATION = 'kthena.io/release-parts';

export interface ReleaseChart {
  metadata: ChartMetadata;
  lock: unknown;
  templates: ChartFile[] | null;
  /** The chart's default values. */
  values: Record<string, unknown> | null;
  /** JSON schema of the values, base64. */
  schema: string | null;
  files: ChartFile[] | null;
  [key: string]: unknown;
}

/** The bundle as a record describes it, in the terms of a chart. */
export interface ReleasedChart {
  name: string;
  version: string;
  appVersion: string;
  /** The default values. */
  defaults: Record<string, unknown>;
  description?: string;
  annotations?: Record<string, string>;
  /** Text of the JSON schema of the values. */
  schema?: string;
}

/** The chart of a record: no templates and no files, since what was rendered stands in the record's manifest. */
export function chartOf(chart: ReleasedChart): ReleaseChart {
  return {
    metadata: {
      name: chart.name,
      version: chart.version,
      ...(chart.description === undefined ? {} : { description: chart.description }),
      apiVersion: 'v2',
      appVersion: chart.appVersion,
      ...(chart.annotations === undefined ? {} : { annotations: chart.annotations }),
      type: 'application',
    },
    lock: null,
    templates: [],
    values: chart.defaults,
    schema: chart.schema === undefined ? null : Buffer.from(chart.schema, 'utf8').toString('base64'),
    files: [],
  };
}

/**
 * What `chartOf` was made from, or would have been for a chart of Helm's: what a rollback records again. It says nothing
 * of parts, since a new revision has its own.
 */
export function releasedChart(chart: ReleaseChart): ReleasedChart {
  const { name, version, appVersion, description, annotations: all } = chart.metadata;
  const { [PARTS_ANNOTATION]: _, ...annotations } = all ?? {};
  return {
    name,
    version,
    appVersion: appVersion ?? '',
    defaults: chart.values ?? {},
    ...(description === undefined ? {} : { description }),
    ...(all === undefined ? {} : { annotations }),
    ...(chart.schema === null ? {} : { schema: Buffer.from(chart.schema, 'base64').toString('utf8') }),
  };
}
