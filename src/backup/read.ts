import { KthenaError } from '../errors.js';
import { checkResource } from './check.js';
import { checkTitle, parseAside, parseHead, parseTrailer } from './comments.js';
import { DocumentSplitter, type Piece } from './documents.js';
import { END, type BackupHeader, type BackupTrailer } from './format.js';
import { documentPassed } from './memory.js';
import { Problems } from './problems.js';
import { saved, type SavedResource } from './resource.js';
import { Tally } from './tally.js';
import { readYaml } from './yaml.js';

export interface BackupDocument {
  /** Counted from 1. */
  number: number;
  /** Of its first line in the file, uncompressed. */
  line: number;
  /** As it is written, without its separator. */
  text: string;
  resource: SavedResource;
}

export interface ReadOptions {
  /** How messages call the file. */
  name: string;
  /** The only groups whose resources are accepted. */
  groups: readonly string[];
  /** Accept a file whose checksum and counts do not fit it. */
  edited: boolean;
}

export interface BackupSummary {
  header: BackupHeader;
  trailer: BackupTrailer;
  /** Of what was read. */
  tally: Tally;
}

/** A small compressed file can hold a name for every byte of memory. */
const MAX_DISTINCT = 20_000;

/**
 * Reads a backup, uncompressed, from its first byte to its last. `visit` gets one document after the other, and is waited for;
 * after the first that is not acceptable it gets no more. Memory is that of one document.
 *
 * @throws KthenaError `failed` saying that the file is none, cut off, changed, or what in it is not acceptable, and where
 */
export async function readBackup(
  chunks: AsyncIterable<Buffer>,
  options: ReadOptions,
  visit: (document: BackupDocument) => Promise<void> | void,
): Promise<BackupSummary> {
  const { name, groups, edited } = options;
  const splitter = new DocumentSplitter();
  const tally = new Tally();
  const problems = new Problems();
  let header: BackupHeader | undefined;
  let number = 0;
  const end = await eachPiece(chunks, splitter, name, async (piece) => {
    if (piece.type === 'head') {
      header = parseHead(piece.bytes.toString('utf8'), name);
      return;
    }
    number++;
    documentPassed(piece.bytes.length);
    const document = acceptable(piece, number, groups);
    if (typeof document === 'string') return problems.add(`${name}:${piece.line}: document ${number}: ${document}`);
    tally.add(document.resource);
    if (tally.distinct > MAX_DISTINCT)
      throw new KthenaError('failed', `${name} names more kinds and namespaces than any cluster has`);
    if (problems.count === 0) await visit(document);
  });
  const trailer = end.type === 'end' ? readTrailer(end, name) : undefined;
  if (trailer === undefined || header === undefined) throw cutOff(name, number);
  const intact = trailer.sha256 === splitter.checksum() && trailer.resources === number;
  if (!edited && !intact) throw changed(name, problems);
  if (problems.count > 0) throw new KthenaError('failed', `${name} is not acceptable`, { details: problems.details() });
  return { header, trailer, tally };
}

/** Hands on every piece but the last one, and returns that. */
async function eachPiece(
  chunks: AsyncIterable<Buffer>,
  splitter: DocumentSplitter,
  name: string,
  take: (piece: Piece) => Promise<void>,
): Promise<Piece> {
  let start = Buffer.alloc(0);
  let known = false;
  for await (const chunk of chunks) {
    if (!known) {
      start = Buffer.concat([start, chunk]);
      known = checkTitle(start, name);
    }
    for (const piece of split(splitter, chunk, name)) await take(piece);
  }
  if (start.length === 0)
    throw new KthenaError('failed', `${name} is empty`, { hint: 'Take a whole copy of the backup.' });
  return splitter.finish();
}

function* split(splitter: DocumentSplitter, chunk: Buffer, name: string): Generator<Piece> {
  try {
    yield* splitter.push(chunk);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new KthenaError('failed', `${name} is not acceptable`, { details: [`${name}: ${error.message}`] });
  }
}

/** The document, or why it is not acceptable. */
function acceptable({ bytes, line }: Piece, number: number, groups: readonly string[]): BackupDocument | string {
  try {
    const text = decode(bytes);
    const aside = parseAside(text);
    return { number, line, text, resource: saved(checkResource(readYaml(text), groups), aside) };
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SyntaxError('it is not UTF-8', { cause });
  }
}

/** Undefined where the last line is not whole. */
function readTrailer({ bytes, line }: Piece, name: string): BackupTrailer | undefined {
  const newline = bytes.indexOf('\n');
  if (newline < 0) return undefined;
  if (newline === bytes.length - 1) return parseTrailer(bytes.toString('utf8'));
  throw new KthenaError('failed', `${name}:${line + 1}: something follows the end of the backup`, {
    hint: 'Backups cannot be joined to one file: restore them one after the other.',
  });
}

function changed(name: string, problems: Problems): KthenaError {
  return new KthenaError('failed', `${name} was changed since it was made: its checksum does not fit`, {
    details: problems.details(),
    hint: 'Take an intact copy, or add --allow-edited if the change was meant.',
  });
}

/** @param documents how many are whole, where that is known */
export function cutOff(name: string, documents?: number): KthenaError {
  const after = documents === undefined ? '' : ` after ${documents} ${documents === 1 ? 'document' : 'documents'}`;
  return new KthenaError('failed', `${name} was cut off${after}: its last line ("${END.trim()}") is missing`, {
    hint: 'Take a whole copy: nothing of this one is restored.',
  });
}
