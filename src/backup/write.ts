import { createHash } from 'node:crypto';
import { formatDocument, formatHeader, formatTrailer, type BackupHeader, type LeftOut } from './format.js';
import { documentPassed } from './memory.js';
import type { SavedResource } from './resource.js';
import type { Tally } from './tally.js';

/** Small documents are handed on together. */
const CHUNK_CHARACTERS = 1 << 16;

/** What the trailer is made of; complete once the resources have been read. */
export interface BackupContents {
  header: BackupHeader;
  resources: AsyncIterable<SavedResource>;
  leftOut: LeftOut;
  /** Counts the resources on their way. */
  tally: Tally;
}

/** The bytes of a backup as its resources come; never more than a few documents are held. */
export async function* writeBackup({ header, resources, leftOut, tally }: BackupContents): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let text = formatHeader(header);
  const flush = (): Buffer => {
    const bytes = Buffer.from(text, 'utf8');
    hash.update(bytes);
    documentPassed(bytes.length);
    text = '';
    return bytes;
  };
  for await (const resource of resources) {
    tally.add(resource);
    text += formatDocument(resource);
    if (text.length >= CHUNK_CHARACTERS) yield flush();
  }
  yield flush();
  const trailer = {
    resources: tally.resources,
    kinds: tally.kinds(),
    namespaces: tally.namespaces(),
    leftOut,
    sha256: hash.digest('hex'),
  };
  yield Buffer.from(formatTrailer(trailer), 'utf8');
}
