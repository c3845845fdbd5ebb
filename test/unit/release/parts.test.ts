import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PARTS_ANNOTATION, releasedChart } from '../../../src/release/chart.js';
import { decodeRelease, encodeRelease } from '../../../src/release/codec.js';
import { divide, join, rejoin } from '../../../src/release/parts.js';
import { partsMark } from '../../../src/release/parts-mark.js';
import { madeBy, requireValues, withStatus, type Release } from '../../../src/release/release.js';
import { runtimeSecrets } from '../../../src/release/runtime-secrets.js';
import { MAX_RECORD_BYTES, newSecret, releaseFromSecret } from '../../../src/release/secret.js';
import { helmRecord, NOW, sampleRelease } from './samples.js';

const SECRET = 'hunter2';
/** Hex of random bytes packs to half: about `mib` MiB of record. */
const large = (mib: number, revision = 2): Release =>
  sampleRelease({
    revision,
    chart: { name: 'kthena', version: '1.0.0', appVersion: '1', defaults: { a: 1 }, schema: '{"type":"object"}' },
    config: { token: SECRET, blob: randomBytes(mib * 768 * 1024).toString('hex') },
  });

/** As the record comes back from its Secret, where its parts have not been read. */
const stored = (record: Release): Release => {
  const { stored: _, ...read } = releaseFromSecret(newSecret(record, NOW));
  return read as Release;
};

describe('a record that fits', () => {
  it('is stored as it is, without a mark', () => {
    const release = sampleRelease();
    expect(divide(release, MAX_RECORD_BYTES)).toEqual({ record: release, parts: [] });
    expect(divide(release, MAX_RECORD_BYTES).record).toBe(release);
  });

  it('is not touched where Helm made it', () => {
    const release = decodeRelease(Buffer.from(JSON.stringify(helmRecord())).toString('base64'), 'x');
    expect(divide(release, MAX_RECORD_BYTES).record).toBe(release);
  });

  it('is whole again where it was too large before', () => {
    const { record } = divide(large(2), MAX_RECORD_BYTES);
    const small = { ...record, config: { a: 1 } };
    expect(divide(small, MAX_RECORD_BYTES)).toMatchObject({ record: { config: { a: 1 } }, parts: [] });
    expect(partsMark(divide(small, MAX_RECORD_BYTES).record)).toBeUndefined();
  });
});

describe('a record that is too large', () => {
  it('loses values, defaults and schema to parts that each fit into a Secret', () => {
    const release = large(2.5);
    const { record, parts } = divide(release, MAX_RECORD_BYTES);
    expect(record).toMatchObject({ config: {}, manifest: release.manifest, chart: { values: null, schema: null } });
    expect(encodeRelease(record).length).toBeLessThan(2000);
    expect(parts).toHaveLength(3);
    expect(parts.every(({ length }) => length <= 1024 * 1024)).toBe(true);
    expect(partsMark(record)).toMatchObject({ revision: 2, parts: 3 });
    expect(madeBy(record)).toBe('kthena');
    expect(release.config).toHaveProperty('token', SECRET);
  });

  it('is whole again with its parts', () => {
    const release = large(2);
    const { record, parts } = divide(release, MAX_RECORD_BYTES);
    const { chart, ...whole } = join(stored(record), parts);
    expect(whole).toEqual({ ...release, chart: undefined });
    expect(chart).toMatchObject({ values: { a: 1 }, schema: release.chart.schema });
    expect(rejoin(stored(record), release)).toEqual({ ...whole, chart });
    expect(() => requireValues({ chart, ...whole } as Release)).not.toThrow();
  });

  it('needs no new parts when its status changes', () => {
    const { record, parts } = divide(large(2), MAX_RECORD_BYTES);
    const changed = withStatus(join(stored(record), parts), 'failed', 'Timed out', NOW);
    const again = divide(changed, MAX_RECORD_BYTES);
    expect(again.parts).toEqual([]);
    expect(again.record.config).toEqual({});
    expect(partsMark(again.record)).toEqual(partsMark(record));
  });

  it('needs new parts for other values, and for a new revision', () => {
    const { record, parts } = divide(large(2), MAX_RECORD_BYTES);
    const whole = join(stored(record), parts);
    expect(divide({ ...whole, config: { ...whole.config, more: 1 } }, MAX_RECORD_BYTES).parts).toHaveLength(2);
    const rolledBack = sampleRelease({ revision: 3, chart: releasedChart(whole.chart), config: whole.config });
    const own = divide(rolledBack, MAX_RECORD_BYTES);
    expect(own.parts).toHaveLength(2);
    expect(partsMark(own.record)!.revision).toBe(3);
  });

  it('is refused where the manifest alone is too large', () => {
    const { record } = divide(sampleRelease({ manifest: randomBytes(2 ** 20).toString('hex') }), MAX_RECORD_BYTES);
    expect(() => newSecret(record, NOW)).toThrow('even without the values');
  });

  it('is refused where its values could not be read again', () => {
    const release = sampleRelease({ config: { blob: randomBytes(34 * 2 ** 20).toString('hex') } });
    expect(() => divide(release, MAX_RECORD_BYTES)).toThrow(/have 7\d{7} bytes, but at most 67108864 are recorded/);
  });
});

describe('a record whose parts are not at hand', () => {
  const { record, parts } = divide(large(2), MAX_RECORD_BYTES);

  it('says so, and nothing takes its values for empty', () => {
    const read = stored(record);
    expect(read.missing).toBe('they were not read');
    expect(() => requireValues(read)).toThrow(
      'release kthena-system/kthena: the values of revision 2 cannot be read: they are kept in Secrets of their own, and they were not read',
    );
  });

  it('leaves the Secrets of its components alone: they may be those of the user', () => {
    const volume = { name: 'tls', secret: { secretName: 'webhook-certs', optional: true } };
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'm' },
      spec: { template: { spec: { volumes: [volume] } } },
    };
    const release = { ...stored(record), manifest: JSON.stringify(deployment) };
    const { missing: _, ...whole } = release;
    expect(runtimeSecrets(whole as Release)).toHaveLength(1);
    expect(runtimeSecrets(release)).toEqual([]);
  });

  it.each([
    ['are cut off', parts.slice(0, 1), 'their data is damaged'],
    ['are none', [], 'their data is damaged'],
    ['are those of another attempt', divide(large(2), MAX_RECORD_BYTES).parts, 'they are those of another attempt'],
  ])('says that they %s, and shows nothing of them', (_, found, reason) => {
    const read = join(stored(record), found);
    expect(read.missing).toBe(reason);
    expect(read.config).toEqual({});
  });

  it('keeps its mark when its status changes', () => {
    const changed = withStatus(stored(record), 'failed', 'Cut off', NOW);
    const again = divide(changed, MAX_RECORD_BYTES);
    expect(again).toEqual({ record: changed, parts: [] });
    expect(rejoin(stored(again.record), changed).missing).toBe('they were not read');
    expect(encodeRelease(changed)).not.toBe('');
    expect(JSON.stringify(decodeRelease(encodeRelease(changed), 'x'))).not.toContain('missing');
  });

  it.each(['{', '[]', 'null', '{"revision":1,"parts":0,"sha256":"x"}', '{"revision":1,"parts":1e9,"sha256":"x"}'])(
    'is damaged where its mark is %s',
    (mark) => {
      const broken = structuredClone(record);
      broken.chart.metadata.annotations![PARTS_ANNOTATION] = mark;
      expect(() => partsMark(broken)).toThrow(
        `release kthena-system/kthena, revision 2: the release record cannot be read: its annotation ${PARTS_ANNOTATION} is damaged`,
      );
    },
  );
});
