import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import type { KubeObject } from '../../../src/kube/object.js';
import { encodeRelease } from '../../../src/release/codec.js';
import { withStatus } from '../../../src/release/release.js';
import { changedSecret, newSecret, recordOf, recordRef, releaseFromSecret } from '../../../src/release/secret.js';
import { NOW, sampleRelease } from './samples.js';

const LATER = new Date('2025-03-04T06:00:00.999Z');

function asStored(secret: KubeObject): KubeObject {
  const metadata = { ...secret.metadata, uid: 'u-1', resourceVersion: '42', managedFields: [] };
  return { ...secret, metadata };
}

function sizeOf(secret: KubeObject): number {
  const data = (secret['data'] as { release: string }).release;
  return Buffer.from(data, 'base64').length;
}

describe('the Secret of a release', () => {
  it('has the name, type and labels that Helm looks for', () => {
    const release = sampleRelease({ revision: 12, status: 'pending-upgrade' });
    const { data, ...secret } = newSecret(release, NOW);
    expect(secret).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'sh.helm.release.v1.kthena.v12',
        namespace: 'kthena-system',
        labels: { name: 'kthena', owner: 'helm', status: 'pending-upgrade', version: '12', createdAt: '1741064767' },
      },
      type: 'helm.sh/release.v1',
    });
    const inner = Buffer.from((data as { release: string }).release, 'base64').toString('latin1');
    expect(inner).toBe(encodeRelease(release));
  });

  it('is read back, with its metadata beside the record', () => {
    const release = sampleRelease();
    const secret = asStored(newSecret(release, NOW));
    const { managedFields: _, ...stored } = secret.metadata;
    expect(releaseFromSecret(secret)).toEqual({ ...release, stored });
  });

  it('keeps labels, annotations and owners of others when it changes, and its identity', () => {
    const secret = asStored(newSecret(sampleRelease(), NOW));
    secret.metadata.labels = { ...secret.metadata.labels, team: 'ml' };
    secret.metadata.annotations = { note: 'keep' };
    secret.metadata.ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'x' }];
    const release = withStatus(releaseFromSecret(secret), 'superseded', 'Superseded', LATER);
    const changed = changedSecret(release, release.stored!, LATER);
    expect(changed.metadata).toEqual({
      name: 'sh.helm.release.v1.kthena.v1',
      namespace: 'kthena-system',
      uid: 'u-1',
      resourceVersion: '42',
      labels: {
        name: 'kthena',
        owner: 'helm',
        status: 'superseded',
        version: '1',
        team: 'ml',
        createdAt: '1741064767',
        modifiedAt: '1741068000',
      },
      annotations: { note: 'keep' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'x' }],
    });
    expect(releaseFromSecret(changed).info.status).toBe('superseded');
  });

  it('is refused where it holds the record of another revision', () => {
    const secret = newSecret(sampleRelease({ revision: 2 }), NOW);
    secret.metadata.name = 'sh.helm.release.v1.kthena.v3';
    expect(() => releaseFromSecret(secret)).toThrow(
      'Secret/kthena-system/sh.helm.release.v1.kthena.v3: the release record cannot be read: it is the record sh.helm.release.v1.kthena.v2',
    );
  });

  it('is refused without the key of the record', () => {
    const secret = { ...newSecret(sampleRelease(), NOW), data: null };
    expect(() => releaseFromSecret(secret)).toThrow('the Secret has no key "release"');
  });
});

describe('the size of a record', () => {
  /** Hex of random bytes packs to about half; `kib` is about the size of the record. */
  const incompressible = (kib: number) => sampleRelease({ config: { blob: randomBytes(kib * 768).toString('hex') } });

  it('may fill a Secret but for what a change of status needs', () => {
    const secret = newSecret(incompressible(850), NOW);
    expect(sizeOf(secret)).toBeLessThanOrEqual(1024 * 1024 - 8192);
  });

  it('is an error that says which part is large, and shows nothing of it', () => {
    let error: unknown;
    try {
      newSecret(sampleRelease({ manifest: randomBytes(1100 * 768).toString('hex') }), NOW);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(KthenaError);
    const { code, message, details, hint } = error as KthenaError;
    expect(code).toBe('values');
    expect(message).toMatch(
      /^the record of release kthena-system\/kthena, revision 1, has \d{7} bytes after compression even without the values,/,
    );
    expect(details).toContainEqual(expect.stringMatching(/^manifest: 16\d{5} bytes before compression$/));
    expect(hint).toContain('out of the values');
    expect(message.length + details.join().length).toBeLessThan(400);
  });

  it('of an existing revision may grow into the part kept free, and not beyond', () => {
    const release = { ...sampleRelease(), stored: { name: 'sh.helm.release.v1.kthena.v1' } };
    const noise = randomBytes(300_000).toString('hex');
    const grown = withStatus(release, 'failed', noise.slice(0, 600_000), NOW);
    expect(() => changedSecret(grown, release.stored, NOW)).not.toThrow();
    const tooMuch = withStatus(release, 'failed', randomBytes(900_000).toString('hex'), NOW);
    expect(() => changedSecret(tooMuch, release.stored, NOW)).toThrow('only 1048576 fit into its Secret');
  });
});

describe('names of records', () => {
  const named = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name } });

  it.each([
    ['sh.helm.release.v1.kthena.v1', 'kthena', 1],
    ['sh.helm.release.v1.a.b.v10', 'a.b', 10],
    ['sh.helm.release.v1.a.v2.v3', 'a.v2', 3],
  ])('%s is that of a release and revision', (name, release, revision) => {
    expect(recordOf(named(name))).toEqual({ release, revision });
    expect(recordRef('ns', release, revision)).toEqual({ apiVersion: 'v1', kind: 'Secret', namespace: 'ns', name });
  });

  it.each([
    'sh.helm.release.v1.kthena',
    'sh.helm.release.v1..v1',
    'sh.helm.release.v1.a.v0',
    'x.sh.helm.release.v1.a.v1',
  ])('%s is none', (name) => {
    expect(recordOf(named(name))).toBeUndefined();
  });
});
