import { formatJson } from './exact-json.js';
import type { SavedResource } from './resource.js';
import { escapeForYaml, writeYaml } from './yaml.js';

/** First line of every backup; a reader of another format refuses it. */
export const TITLE = '# Kthena backup, format 1';
export const TITLE_PATTERN = /^# Kthena backup, format (\d+)$/;
export const SEPARATOR = '---';
const USAGE = '# To put these resources back: kthena crds restore <this file>';

/** Comments with a value in JSON, on one line each. */
export const MADE = '# made: ';
export const ASIDE = '# restore: ';
export const END = '# end: ';

/** How the backup was made; known before the first resource is read. */
export interface BackupHeader {
  /** `kthena <version>` */
  tool: string;
  /** RFC 3339. */
  time: string;
  /** URL of the API server. */
  server: string;
  /** `<Kind>.<version>.<group>` of each kind that was looked at. */
  kinds: string[];
  /** Empty for all. */
  namespaces: string[];
  /** Whether resources that a controller made for others are in it. */
  children: boolean;
}

/** What is in the backup; its last line, so that one that was cut off shows. */
export interface BackupTrailer {
  resources: number;
  kinds: Record<string, number>;
  namespaces: Record<string, number>;
  leftOut: LeftOut;
  /** Of every byte before this line, uncompressed. */
  sha256: string;
}

export interface LeftOut {
  /** Resources that a controller made for a resource of Kthena, and makes again. */
  children: number;
  /** Resources that were being deleted. */
  terminating: number;
}

/**
 * A backup is a stream of YAML documents for `kubectl apply -f`, with comments for `kthena crds restore`: a header, one line right
 * after the `---` of a resource for what `kubectl` must not see, and a last line with the counts and a checksum.
 */
export function formatHeader(header: BackupHeader): string {
  return `${TITLE}\n${USAGE}\n${comment(MADE, header)}`;
}

export function formatDocument({ object, aside }: SavedResource): string {
  const kept = Object.keys(aside).length === 0 ? '' : comment(ASIDE, aside);
  return `${SEPARATOR}\n${kept}${writeYaml(object)}`;
}

export function formatTrailer(trailer: BackupTrailer): string {
  return comment(END, trailer);
}

function comment(prefix: string, value: unknown): string {
  return `${prefix}${escapeForYaml(formatJson(value))}\n`;
}
