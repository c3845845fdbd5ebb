import { PARTS_ANNOTATION } from './chart.js';
import type { Release } from './release.js';
import { damaged } from './shape.js';

/** More parts than values of the size that can be read again ever come to. */
const MAX_PARTS = 100;

/**
 * Where the parts of a record are and what they hold together. It is the JSON of an annotation of the record's chart: Helm drops
 * fields of a record that it does not know, and keeps these.
 */
export interface PartsMark {
  /** The revision that the parts were written for: `helm rollback` copies the mark into a new one. */
  revision: number;
  parts: number;
  /** Of what the parts hold, before compression. */
  sha256: string;
}

/** Undefined where a record has everything in it. Throws KthenaError `cluster` where the mark cannot be read. */
export function partsMark({ name, namespace, version, chart }: Release): PartsMark | undefined {
  const text = chart.metadata.annotations?.[PARTS_ANNOTATION];
  if (text === undefined) return undefined;
  const mark = parse(text);
  if (mark !== undefined) return mark;
  throw damaged(`release ${namespace}/${name}, revision ${version}`, `its annotation ${PARTS_ANNOTATION} is damaged`);
}

/** The release with another mark, or without one; itself where it has none to take away. */
export function withMark(release: Release, mark: PartsMark | undefined): Release {
  const { metadata } = release.chart;
  const { [PARTS_ANNOTATION]: present, ...others } = metadata.annotations ?? {};
  if (mark === undefined && present === undefined) return release;
  const annotations = mark === undefined ? others : { ...others, [PARTS_ANNOTATION]: JSON.stringify(mark) };
  return { ...release, chart: { ...release.chart, metadata: { ...metadata, annotations } } };
}

function parse(text: string): PartsMark | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { revision, parts, sha256 } = (value ?? {}) as Partial<Record<keyof PartsMark, unknown>>;
  if (!isCount(revision, Number.MAX_SAFE_INTEGER) || !isCount(parts, MAX_PARTS)) return undefined;
  return typeof sha256 === 'string' ? { revision, parts, sha256 } : undefined;
}

function isCount(value: unknown, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= most;
}
