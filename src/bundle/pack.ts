import { KthenaError } from '../errors.js';
import { CHECKSUMS, checksumsOf } from './archive/checksums.js';
import { gzipStored } from './archive/gzip.js';
import { writeTar } from './archive/tar.js';
import { CHART, chartText, GUARD, GUARD_TEXT } from './chart.js';
import { DEFINITION } from './definition.js';
import { CONTENTS, TOP } from './layout.js';
import { DEFAULTS, parseBundle, type BundleFiles, type ParsedBundle } from './parse.js';

export interface PackChanges {
  version?: string | undefined;
  appVersion?: string | undefined;
  /** Text of the default values; undefined to leave them as they are. */
  defaultsText?: string | undefined;
}

export interface PackedBundle {
  definition: ParsedBundle['definition'];
  /** The archive; the same files and changes always make the same bytes. */
  archive: Buffer;
}

/**
 * Packs the files of a bundle into an archive.
 *
 * @throws KthenaError `bundle` where the changed bundle is none
 */
export function packBundle(files: BundleFiles, changes: PackChanges): PackedBundle {
  const changed = new Map(files);
  changed.set(DEFINITION, changeDefinition(files.get(DEFINITION) ?? '', changes));
  if (changes.defaultsText !== undefined) changed.set(DEFAULTS, changes.defaultsText);
  const { definition } = parseBundle(changed);
  const packed = new Map<string, Buffer>();
  const add = (path: string, text: string): void => void packed.set(path, Buffer.from(text, 'utf8'));
  // First, as Helm writes it: who lists an archive need not read all of it.
  add(CHART, chartText(definition));
  for (const path of [...changed.keys()].sort()) add(`${CONTENTS}${path}`, changed.get(path)!);
  add(GUARD, GUARD_TEXT);
  add(CHECKSUMS, checksumsOf(packed));
  const archive = gzipStored(writeTar([...packed].map(([path, data]) => ({ path: `${TOP}${path}`, data }))));
  return { definition, archive };
}

/** Changes the versions in their lines, so that the rest of the file, its comments included, stays as it is written. */
function changeDefinition(text: string, { version, appVersion }: PackChanges): string {
  return replaceLine(replaceLine(text, 'version', version), 'appVersion', appVersion);
}

function replaceLine(text: string, key: string, value: string | undefined): string {
  if (value === undefined) return text;
  const line = new RegExp(`^${key}:.*$`, 'gm');
  if (text.match(line)?.length !== 1) {
    throw new KthenaError('bundle', `${DEFINITION}: there is no line of its own for ${key}, which could be changed`);
  }
  return text.replace(line, () => `${key}: ${JSON.stringify(value)}`);
}
