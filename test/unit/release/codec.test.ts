import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import { decodeRelease, encodeRelease } from '../../../src/release/codec.js';
import type { Release } from '../../../src/release/release.js';
import { helmRecord, sampleRelease } from './samples.js';

const WHERE = 'Secret/kthena-system/sh.helm.release.v1.kthena.v1';

function gzipped(value: unknown): string {
  return gzipSync(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');
}

function jsonIn(text: string): Record<string, unknown> {
  return JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString('utf8')) as Record<string, unknown>;
}

function refusal(text: string): KthenaError {
  try {
    decodeRelease(text, WHERE);
  } catch (error) {
    if (error instanceof KthenaError) return error;
    throw error;
  }
  throw new Error('it was decoded');
}

describe('encoding', () => {
  it('round-trips, text beyond ASCII included', () => {
    const release = sampleRelease({ config: { name: 'Ωμέγα 🦙', __proto__x: 1 }, description: 'é' });
    expect(decodeRelease(encodeRelease(release), WHERE)).toEqual(release);
  });

  it('has no time and no system in its gzip header, as Helm writes it', () => {
    const header = Buffer.from(encodeRelease(sampleRelease()), 'base64').subarray(0, 10);
    expect(header.toString('hex')).toBe('1f8b08000000000002ff');
  });

  it('is base64 that Go decodes: padded, without line breaks', () => {
    const manifest = Array.from({ length: 2000 }, (_, i) => `line ${i * 7919}`).join('\n');
    const text = encodeRelease(sampleRelease({ manifest }));
    expect(text).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
    expect(text.length % 4).toBe(0);
  });

  it('keeps metadata of the Secret out of the record', () => {
    const release: Release = { ...sampleRelease(), stored: { name: 'x', resourceVersion: '7' } };
    expect(jsonIn(encodeRelease(release))).not.toHaveProperty('stored');
  });

  it('leaves out an empty config, as Helm does, and reads it back as empty', () => {
    const text = encodeRelease(sampleRelease({ config: {} }));
    expect(jsonIn(text)).not.toHaveProperty('config');
    expect(decodeRelease(text, WHERE).config).toEqual({});
  });
});

describe('decoding', () => {
  it('reads what Helm wrote and fills in what it leaves out', () => {
    expect(decodeRelease(gzipped(helmRecord()), WHERE)).toEqual({ ...helmRecord(), config: {}, hooks: [] });
  });

  it('reads a record from before Helm compressed them', () => {
    const text = Buffer.from(JSON.stringify(helmRecord())).toString('base64');
    expect(decodeRelease(text, WHERE).version).toBe(3);
  });

  it('tolerates line breaks in the base64, as Go does', () => {
    const text = gzipped(helmRecord()).replace(/(.{76})/g, '$1\r\n');
    expect(decodeRelease(text, WHERE).name).toBe('kthena');
  });

  it('gives fields it does not know back unchanged', () => {
    const json = jsonIn(encodeRelease(decodeRelease(gzipped(helmRecord()), WHERE)));
    expect(json).toMatchObject(helmRecord());
  });

  it('takes a status it does not know for unknown', () => {
    const record = helmRecord();
    record['info'] = { ...(record['info'] as object), status: 'pending-teleport' };
    expect(decodeRelease(gzipped(record), WHERE).info.status).toBe('unknown');
  });

  it('does not take metadata of the Secret from the record', () => {
    expect(decodeRelease(gzipped({ ...helmRecord(), stored: { name: 'evil' } }), WHERE)).not.toHaveProperty('stored');
  });

  it('refuses a decompression bomb without unpacking it', () => {
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024, 0x20), { level: 9 }).toString('base64');
    const before = process.memoryUsage().rss;
    const error = refusal(bomb);
    expect(error.message).toBe(`${WHERE}: the release record cannot be read: it unpacks to more than 67108864 bytes`);
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024);
  });
});

describe('a damaged record', () => {
  const whole = gzipped(helmRecord());
  it.each([
    ['nothing', '', 'it is empty'],
    ['other characters', 'not base64!', 'it is not base64'],
    ['half of it', whole.slice(0, 200), 'its gzip data is broken or cut off'],
    ['a flipped bit', flipped(whole), 'its gzip data is broken or cut off'],
    ['text', gzipped('password: hunter2'), 'it does not hold JSON'],
    ['a list', gzipped([]), 'it is not a JSON object'],
    ['null', gzipped('null'), 'it is not a JSON object'],
    ['no name', gzipped({ ...helmRecord(), name: undefined }), 'it has no name'],
    ['no namespace', gzipped({ ...helmRecord(), namespace: '' }), 'it has no namespace'],
    ['a version that is text', gzipped({ ...helmRecord(), version: '3' }), 'its version is not a whole number from 1'],
    ['version 0', gzipped({ ...helmRecord(), version: 0 }), 'its version is not a whole number from 1'],
    ['no info', gzipped({ ...helmRecord(), info: null }), 'it has no info'],
    ['no chart', gzipped({ ...helmRecord(), chart: null }), 'it has no chart metadata'],
    [
      'a chart without a name',
      gzipped({ ...helmRecord(), chart: { metadata: {} } }),
      'its chart has no name or no version',
    ],
    ['a config that is a list', gzipped({ ...helmRecord(), config: [] }), 'its config is not a map'],
    ['a manifest that is a map', gzipped({ ...helmRecord(), manifest: {} }), 'its manifest is not text'],
    ['hooks that are a map', gzipped({ ...helmRecord(), hooks: {} }), 'its hooks is not a list'],
  ])('of %s is named with what is wrong', (_, text, fault) => {
    const error = refusal(text);
    expect(error.code).toBe('cluster');
    expect(error.message).toBe(`${WHERE}: the release record cannot be read: ${fault}`);
    expect(error.hint).toContain('backup');
  });

  it('shows nothing of what it holds', () => {
    const error = refusal(gzipped('{"config": {"secretKey": "hunter2"} oops'));
    expect(JSON.stringify([error.message, error.details, error.hint])).not.toContain('hunter2');
    expect(error.cause).toBeUndefined();
  });
});

function flipped(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = bytes[middle]! ^ 0x10;
  return bytes.toString('base64');
}
