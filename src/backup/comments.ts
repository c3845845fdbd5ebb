import { KthenaError } from '../errors.js';
import { checkAside } from './check.js';
import { parseJson } from './exact-json.js';
import { ASIDE, END, MADE, TITLE, TITLE_PATTERN, type BackupHeader, type BackupTrailer } from './format.js';
import type { Aside } from './resource.js';

/**
 * Looks at the beginning of a file at once, so that a large one of another kind is not read to its end.
 *
 * @returns false where there is too little of it to tell
 * @throws KthenaError `failed` where it is no backup, or one that this version cannot read
 */
export function checkTitle(start: Buffer, name: string): boolean {
  const text = start.toString('utf8', 0, 200);
  if (TITLE.startsWith(text)) return false;
  const format = TITLE_PATTERN.exec(text.split(/\r?\n/)[0]!)?.[1];
  if (format === '1') return true;
  if (format === undefined) {
    throw new KthenaError('failed', `${name} is not a backup of kthena`, {
      hint: 'A backup is what kthena crds backup writes; kubectl apply -f takes other files.',
    });
  }
  throw new KthenaError('failed', `${name} has format ${format}, which this version of kthena does not know`, {
    hint: 'Take the version of kthena that wrote it, or a newer one.',
  });
}

/** @throws KthenaError `failed` where there is no header, or something else than comments stands beside it */
export function parseHead(text: string, name: string): BackupHeader {
  const lines = text.split(/\r?\n/);
  const foreign = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('#'));
  if (foreign >= 0) {
    throw new KthenaError('failed', `${name}:${foreign + 1}: a document that is not separated from the header by ---`);
  }
  const made = lines.find((line) => line.startsWith(MADE));
  const header = made === undefined ? undefined : jsonMap(made.slice(MADE.length));
  if (header !== undefined && isHeader(header)) return header;
  throw new KthenaError('failed', `${name} has no readable header ("${MADE.trim()}")`, {
    hint: 'Take an intact copy of the backup.',
  });
}

/**
 * What the first line of a document keeps aside, if it does.
 *
 * @throws SyntaxError
 */
export function parseAside(document: string): Aside {
  if (!document.startsWith(ASIDE)) return {};
  const end = document.indexOf('\n');
  return checkAside(jsonMap(document.slice(ASIDE.length, end < 0 ? undefined : end)));
}

/** Undefined where it is damaged. */
export function parseTrailer(line: string): BackupTrailer | undefined {
  const trailer = jsonMap(line.slice(END.length));
  return typeof trailer?.sha256 === 'string' && typeof trailer.resources === 'number'
    ? (trailer as unknown as BackupTrailer)
    : undefined;
}

function isHeader(map: Record<string, unknown>): map is Record<string, unknown> & BackupHeader {
  const { tool, time, server, kinds, namespaces, children } = map;
  const texts = [tool, time, server].every((value) => typeof value === 'string');
  return texts && Array.isArray(kinds) && Array.isArray(namespaces) && typeof children === 'boolean';
}

function jsonMap(text: string): Record<string, unknown> | undefined {
  try {
    const value = parseJson(text);
    const map = typeof value === 'object' && value !== null && !Array.isArray(value);
    return map ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
