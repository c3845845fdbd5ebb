import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { KthenaError } from '../errors.js';
import type { ReleaseChart } from './chart.js';
import { encodeRelease, MAX_JSON_BYTES } from './codec.js';
import { partsMark, withMark } from './parts-mark.js';
import type { Release } from './release.js';

/** The bound of Kubernetes on the sum of a Secret's values. */
const PART_BYTES = 1024 * 1024;

/** What is kept apart from a record that is too large: Helm can show and remove a release without it. */
interface Contents {
  config: Release['config'];
  values: ReleaseChart['values'];
  schema: ReleaseChart['schema'];
}

/** A release as it is stored. */
export interface Divided {
  /** What goes into the Secret that Helm reads. */
  record: Release;
  /** What else is to be written: nothing where all fits, and where the parts of this very content are stored already. */
  parts: Buffer[];
}

/**
 * Takes the user's values, the defaults and the schema out of a record that would have more than `bytes` bytes. They go together:
 * defaults and schema alone are too small a part of a record to make room.
 *
 * @throws KthenaError `values` where they are so large that they would not be read again
 */
export function divide(release: Release, bytes: number): Divided {
  if (release.missing !== undefined) return { record: release, parts: [] };
  // The parts of another revision will do: so it is after a `helm rollback`, and a change of status must not depend on more than one write.
  const mark = partsMark(release);
  if (mark?.sha256 === digest(contentsOf(release))) return { record: emptied(release), parts: [] };
  const whole = withMark(release, undefined);
  if (encodeRelease(whole).length <= bytes) return { record: whole, parts: [] };
  const contents = contentsOf(release);
  const size = Buffer.byteLength(contents);
  if (size > MAX_JSON_BYTES) throw tooLarge(release, size);
  const parts = slices(gzipSync(contents, { level: 9 }));
  const own = { revision: release.version, parts: parts.length, sha256: digest(contents) };
  return { record: withMark(emptied(release), own), parts };
}

/** A record with what its parts hold; where that is not what was taken out of it, `missing` says so. */
export function join(record: Release, parts: readonly Buffer[]): Release {
  let contents: string;
  try {
    contents = gunzipSync(Buffer.concat(parts), { maxOutputLength: MAX_JSON_BYTES }).toString('utf8');
  } catch {
    return { ...record, missing: 'their data is damaged' };
  }
  if (digest(contents) !== partsMark(record)?.sha256)
    return { ...record, missing: 'they are those of another attempt' };
  return filled(record, JSON.parse(contents) as Contents);
}

/** A record that was just written, with what was taken out of it. */
export function rejoin(record: Release, original: Release): Release {
  if (record.missing === undefined || original.missing !== undefined) return record;
  const { config, chart } = original;
  return filled(record, { config, values: chart.values, schema: chart.schema });
}

function contentsOf({ config, chart }: Release): string {
  const contents: Contents = { config, values: chart.values, schema: chart.schema };
  return JSON.stringify(contents);
}

function emptied(release: Release): Release {
  return { ...release, config: {}, chart: { ...release.chart, values: null, schema: null } };
}

function filled(record: Release, { config, values, schema }: Contents): Release {
  const { missing: _, ...rest } = record;
  return { ...rest, config, chart: { ...record.chart, values, schema } } as Release;
}

function digest(contents: string): string {
  return createHash('sha256').update(contents).digest('hex');
}

function slices(bytes: Buffer): Buffer[] {
  const count = Math.ceil(bytes.length / PART_BYTES);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * PART_BYTES, (index + 1) * PART_BYTES));
}

function tooLarge({ name, namespace, version }: Release, size: number): KthenaError {
  return new KthenaError(
    'values',
    `the values of release ${namespace}/${name}, revision ${version}, have ${size} bytes, but at most ${MAX_JSON_BYTES} are recorded`,
    { hint: 'Move large texts, such as certificates and scripts, out of the values into Secrets or ConfigMaps.' },
  );
}
