import { newRelease, type NewRelease, type Release, type ReleaseStatus } from '../../../src/release/release.js';

export const NOW = new Date('2025-03-04T05:06:07.089Z');

/** A record of this tool; what a test is about is overridden. */
export function sampleRelease(parts: Partial<NewRelease> = {}): Release {
  return newRelease({
    name: 'kthena',
    namespace: 'kthena-system',
    revision: 1,
    status: 'deployed',
    description: 'Install complete',
    chart: { name: 'kthena', version: '1.0.0', appVersion: '1.0.0', defaults: { workload: { enabled: true } } },
    config: { workload: { controllerManager: { replicas: 2 } } },
    manifest: '---\n# Source: kthena/manifests/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n',
    now: NOW,
    ...parts,
  });
}

/** What Go leaves of a record that this tool did not write: times with nanoseconds, `deleted: ""` and templates of Helm 3, fields of tomorrow. */
export function helmRecord(): Record<string, unknown> {
  return {
    name: 'kthena',
    info: {
      first_deployed: '2025-01-02T03:04:05.123456789+01:00',
      last_deployed: '2025-01-02T03:04:05.123456789+01:00',
      deleted: '',
      description: 'Install complete',
      status: 'deployed',
    },
    chart: {
      metadata: { name: 'kthena', version: '1.0.0', apiVersion: 'v2', appVersion: '1.0.0' },
      lock: null,
      templates: [{ name: 'templates/a.yaml', data: 'e30=' }],
      values: { workload: { enabled: true } },
      schema: null,
      files: [],
      schemamodtime: '0001-01-01T00:00:00Z',
    },
    manifest: '---\n# Source: kthena/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n',
    version: 3,
    namespace: 'kthena-system',
    sequenced: true,
  };
}

/** Revisions of this tool with these statuses, the oldest first. */
export function historyOf(...statuses: ReleaseStatus[]): Release[] {
  return statuses.map((status, index) => sampleRelease({ revision: index + 1, status }));
}

/** A revision that Helm made. */
export function byHelm(revision: number, status: ReleaseStatus): Release {
  const release = sampleRelease({ revision, status });
  const { annotations: _ours, ...metadata } = release.chart.metadata;
  return { ...release, chart: { ...release.chart, metadata } };
}
