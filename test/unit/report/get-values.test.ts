import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { presentRecordedValues } from '../../../src/report/get-values.js';
import type { Release } from '../../../src/release/release.js';
import type { Schema } from '../../../src/values/schema.js';
import { sampleRelease } from '../release/samples.js';

const schema = JSON.parse(
  readFileSync(new URL('../../../manifests/values.schema.json', import.meta.url), 'utf8'),
) as Schema;
const downloader = (secretKey: string) => ({ workload: { controllerManager: { downloader: { secretKey } } } });

function shown(release: Release, all = false): unknown {
  return JSON.parse(presentRecordedValues(release, schema, { all, format: 'json' }));
}

describe('recorded values for reading', () => {
  it('are those of the user', () => {
    expect(shown(sampleRelease())).toEqual({ workload: { controllerManager: { replicas: 2 } } });
    expect(presentRecordedValues(sampleRelease({ config: {} }), schema, { all: false, format: 'yaml' })).toBe('{}\n');
  });

  it('are over the defaults of their own version where all are wanted', () => {
    const chart = { name: 'kthena', version: '0.1.0', appVersion: '0', defaults: { old: { a: 1, b: 2 }, gone: 1 } };
    expect(shown(sampleRelease({ chart, config: { old: { b: 3 }, gone: null } }), true)).toEqual({
      old: { a: 1, b: 3 },
    });
  });

  it('are those of the user where no defaults were recorded', () => {
    const release = sampleRelease();
    release.chart.values = null;
    expect(shown(release, true)).toEqual(release.config);
  });

  it('mask credentials by the schema of the bundle', () => {
    expect(shown(sampleRelease({ config: downloader('hunter2') }))).toEqual(downloader('********'));
    const chart = { name: 'kthena', version: '1.0.0', appVersion: '1', defaults: downloader('hunter2') };
    expect(shown(sampleRelease({ chart, config: {} }), true)).toEqual(downloader('********'));
  });

  it('mask credentials that only the recorded schema knows', () => {
    const later = JSON.stringify({ properties: { token: { type: 'string', writeOnly: true } } });
    const chart = { name: 'kthena', version: '9.0.0', appVersion: '9', defaults: {}, schema: later };
    expect(shown(sampleRelease({ chart, config: { token: 'hunter2' } }))).toEqual({ token: '********' });
  });

  it.each(['not JSON', '[]', 'null', '"x"', ''])('do without a recorded schema that is %j', (text) => {
    const chart = { name: 'kthena', version: '1.0.0', appVersion: '1', defaults: {}, schema: text };
    expect(shown(sampleRelease({ chart, config: { a: 1 } }))).toEqual({ a: 1 });
  });

  it('of another product are refused: its credentials are not known', () => {
    const chart = { name: 'mysql', version: '1.0.0', appVersion: '1', defaults: {} };
    expect(() => shown(sampleRelease({ chart, config: { password: 'hunter2' } }))).toThrow(
      /^release kthena in namespace kthena-system is of mysql, not of Kthena/,
    );
  });

  it('that are missing are not taken for empty', () => {
    expect(() => shown({ ...sampleRelease({ config: {} }), missing: 'they were lost' })).toThrow('they were lost');
  });
});
