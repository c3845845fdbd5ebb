import { KthenaError } from '../errors.js';
import { formatRef, refOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import { decodeRelease, encodeRelease } from './codec.js';
import { partsMark } from './parts-mark.js';
import type { Release } from './release.js';
import { damaged } from './shape.js';

/** The bound of Kubernetes on the sum of a Secret's values, after their base64 is taken off. */
export const MAX_RECORD_BYTES = 1024 * 1024;

/** Less for a new record, so that later changes of its status find room: a description, times. */
export const MAX_NEW_RECORD_BYTES = MAX_RECORD_BYTES - 8 * 1024;

const SECRET_TYPE = 'helm.sh/release.v1';
const NAME_PREFIX = 'sh.helm.release.v1.';
/** A release may itself be named `a.v2`: the last `.v<number>` is the revision. */
const NAME_PATTERN = /^sh\.helm\.release\.v1\.(.+)\.v([1-9][0-9]{0,14})$/;

/** Label selector of all records, or of those of one release. */
export function recordSelector(release?: string): string {
  return release === undefined ? 'owner=helm' : `owner=helm,name=${release}`;
}

/** Where Helm's Secret driver keeps a revision. */
export function recordRef(namespace: string, release: string, revision: number): ObjectRef {
  return { apiVersion: 'v1', kind: 'Secret', namespace, name: `${NAME_PREFIX}${release}.v${revision}` };
}

/** Which revision of which release a Secret holds, by its name; undefined where it is none of Helm's. */
export function recordOf(secret: KubeObject): { release: string; revision: number } | undefined {
  const match = NAME_PATTERN.exec(secret.metadata.name);
  return match === null ? undefined : { release: match[1]!, revision: Number(match[2]) };
}

/**
 * The release a Secret holds, with the Secret's metadata in `stored`; what is kept in parts is `missing`.
 * Throws KthenaError `cluster`, naming the Secret, where the record is damaged or is that of another revision.
 */
export function releaseFromSecret(secret: KubeObject): Release {
  const where = formatRef(refOf(secret));
  const data = recordData(secret);
  if (data === undefined) throw damaged(where, 'the Secret has no key "release"');
  const release = decodeRelease(Buffer.from(data, 'base64').toString('latin1'), where);
  const { name } = recordRef('', release.name, release.version);
  if (name !== secret.metadata.name) throw damaged(where, `it is the record ${name}`);
  const { managedFields: _, ...stored } = secret.metadata;
  return { ...release, stored, ...(partsMark(release) === undefined ? {} : { missing: 'they were not read' }) };
}

/** True where two Secrets hold the very same bytes of a record. */
export function isSameRecord(a: KubeObject, b: KubeObject): boolean {
  return recordData(a) === recordData(b);
}

function recordData(secret: KubeObject): string | undefined {
  return (secret['data'] as Record<string, string> | undefined | null)?.['release'];
}

/** The Secret of a revision that is not in the cluster yet. Throws KthenaError `values` where it would be too large. */
export function newSecret(release: Release, now: Date): KubeObject {
  const labels = { createdAt: unixSeconds(now), ...systemLabels(release) };
  const { namespace, name } = recordRef(release.namespace, release.name, release.version);
  return secretOf(release, { name, namespace: namespace!, labels }, MAX_NEW_RECORD_BYTES);
}

/**
 * The Secret that takes the place of the one `release` was read from: its other labels, annotations and owners stay,
 * and its resourceVersion and uid make the API server refuse it where another writer came first.
 */
export function changedSecret(release: Release, stored: NonNullable<Release['stored']>, now: Date): KubeObject {
  const labels = { ...stored.labels, modifiedAt: unixSeconds(now), ...systemLabels(release) };
  return secretOf(release, { ...stored, labels }, MAX_RECORD_BYTES);
}

function secretOf(release: Release, metadata: KubeObject['metadata'], bytes: number): KubeObject {
  const text = encodeRelease(release);
  if (text.length > bytes) throw tooLarge(release, text.length, bytes);
  const data = { release: Buffer.from(text, 'latin1').toString('base64') };
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: SECRET_TYPE, data };
}

/** The labels by which Helm finds records. */
function systemLabels(release: Release): Record<string, string> {
  return { name: release.name, owner: 'helm', status: release.info.status, version: String(release.version) };
}

function unixSeconds(time: Date): string {
  return String(Math.floor(time.getTime() / 1000));
}

function tooLarge(release: Release, size: number, bytes: number): KthenaError {
  const { name, namespace, version, manifest, chart } = release;
  const parts = { manifest, chart: JSON.stringify(chart) };
  return new KthenaError(
    'values',
    `the record of release ${namespace}/${name}, revision ${version}, has ${size} bytes after compression even without the values, but only ${bytes} fit into its Secret`,
    {
      details: Object.entries(parts).map(
        ([part, text]) => `${part}: ${Buffer.byteLength(text)} bytes before compression`,
      ),
      hint: 'Move large texts, such as certificates and scripts, out of the values into Secrets or ConfigMaps of your own.',
    },
  );
}
