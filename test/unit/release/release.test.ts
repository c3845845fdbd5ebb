import { describe, expect, it } from 'vitest';
import { releasedChart } from '../../../src/release/chart.js';
import { isKthenaRelease, isPending, madeBy, newRelease, withStatus } from '../../../src/release/release.js';
import { NOW, sampleRelease } from './samples.js';

describe('a new release', () => {
  it("has the fields of Helm's record and no others", () => {
    const chart = {
      name: 'kthena',
      version: '1.2.3',
      appVersion: 'v1.2',
      description: 'Serves models',
      defaults: { a: 1 },
      schema: '{"type":"object"}',
      annotations: { 'example.com/x': 'y' },
    };
    expect(
      sampleRelease({ chart, revision: 4, notes: 'Look', firstDeployed: '2024-01-01T00:00:00.123456789Z' }),
    ).toEqual({
      name: 'kthena',
      info: {
        first_deployed: '2024-01-01T00:00:00.123456789Z',
        last_deployed: '2025-03-04T05:06:07.089Z',
        description: 'Install complete',
        status: 'deployed',
        notes: 'Look',
      },
      chart: {
        metadata: {
          name: 'kthena',
          version: '1.2.3',
          description: 'Serves models',
          apiVersion: 'v2',
          appVersion: 'v1.2',
          annotations: { 'example.com/x': 'y', 'kthena.io/release-revision': '4' },
          type: 'application',
        },
        lock: null,
        templates: [],
        values: { a: 1 },
        schema: 'eyJ0eXBlIjoib2JqZWN0In0=',
        files: [],
      },
      config: { workload: { controllerManager: { replicas: 2 } } },
      manifest: expect.stringContaining('kind: ConfigMap') as string,
      hooks: [],
      version: 4,
      namespace: 'kthena-system',
      apply_method: 'ssa',
    });
  });

  it('was first deployed now, where nothing else is said', () => {
    const { info } = sampleRelease();
    expect(info.first_deployed).toBe('2025-03-04T05:06:07.089Z');
    expect(info).not.toHaveProperty('deleted');
    expect(info).not.toHaveProperty('notes');
  });

  it('can be made again from the chart of another revision', () => {
    const chart = { name: 'kthena', version: '1.0.0', appVersion: '1', defaults: { é: 1 }, schema: '{"title":"é"}' };
    const first = sampleRelease({ chart, revision: 1 });
    const again = sampleRelease({ chart: releasedChart(first.chart), revision: 2 });
    expect(again.chart.values).toEqual({ é: 1 });
    expect(again.chart.schema).toBe(first.chart.schema);
    expect(madeBy(again)).toBe('kthena');
    expect(madeBy(first)).toBe('kthena');
  });
});

describe('a change of status', () => {
  const later = new Date('2025-03-05T00:00:00Z');

  it('leaves the release given as it is, and everything but status and description', () => {
    const before = sampleRelease({ status: 'pending-upgrade', description: 'Preparing upgrade' });
    const copy = structuredClone(before);
    const after = withStatus(before, 'failed', 'Timed out', later);
    expect(before).toEqual(copy);
    expect(after).toEqual({ ...copy, info: { ...copy.info, status: 'failed', description: 'Timed out' } });
  });

  it('records when an uninstall began, and not again when it ends', () => {
    const begun = withStatus(sampleRelease(), 'uninstalling', 'Uninstall in progress', later);
    expect(begun.info.deleted).toBe('2025-03-05T00:00:00.000Z');
    expect(withStatus(begun, 'uninstalled', 'Done', NOW).info.deleted).toBe('2025-03-05T00:00:00.000Z');
    expect(withStatus(sampleRelease(), 'uninstalled', 'Done', later).info.deleted).toBe('2025-03-05T00:00:00.000Z');
  });

  it('records the time in a record of Helm 3, whose deletion time is an empty text', () => {
    const helm3 = sampleRelease();
    helm3.info.deleted = '';
    expect(withStatus(helm3, 'superseded', '', later).info.deleted).toBe('');
    expect(withStatus(helm3, 'uninstalling', '', later).info.deleted).toBe('2025-03-05T00:00:00.000Z');
  });

  it('is pending while an operation runs', () => {
    expect((['pending-install', 'pending-upgrade', 'pending-rollback'] as const).every(isPending)).toBe(true);
    expect((['deployed', 'failed', 'uninstalling', 'superseded', 'unknown'] as const).some(isPending)).toBe(false);
  });
});

describe('who made a release', () => {
  it('is this tool for its own records, however often their status changes', () => {
    expect(madeBy(withStatus(sampleRelease(), 'superseded', '', NOW))).toBe('kthena');
  });

  it('is Helm for a chart without our annotation', () => {
    const release = sampleRelease();
    delete release.chart.metadata.annotations;
    expect(madeBy(release)).toBe('helm');
  });

  it('is Helm for a new revision to which Helm copied our chart in a rollback', () => {
    const ours = sampleRelease({ revision: 3 });
    expect(madeBy({ ...ours, version: 5 })).toBe('helm');
  });

  it('does not matter for whether it is of this product', () => {
    const other = { name: 'nginx', version: '1.0.0', appVersion: '1', defaults: {} };
    expect(isKthenaRelease(sampleRelease({ name: 'anything' }))).toBe(true);
    expect(isKthenaRelease(newReleaseOf(other))).toBe(false);
  });
});

function newReleaseOf(chart: Parameters<typeof newRelease>[0]['chart']) {
  return sampleRelease({ name: 'kthena', chart });
}
