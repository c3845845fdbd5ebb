import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import { readBackup } from '../../../src/backup/read.js';
import { openSource } from '../../../src/backup/source.js';
import { backupOf, forged, GROUPS, read, refusal, route } from './samples.js';

// Each test reads the file some thousand times.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let file: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backup-damage-'));
  file = await backupOf(['a', 'b', 'c'].map((name) => route(name, { status: { note: 'x\n---\ny' } })));
});

afterAll(() => rm(folder, { recursive: true }));

async function readFromDisk(contents: Buffer): Promise<number> {
  const path = join(folder, 'backup');
  await writeFile(path, contents);
  const source = await openSource(path);
  let count = 0;
  try {
    await readBackup(source.chunks(), { name: 'backup', groups: GROUPS, edited: false }, () => void count++);
    return count;
  } finally {
    await source.close();
  }
}

describe('a backup that was cut off', () => {
  it('is refused wherever it was cut', async () => {
    for (let length = 0; length < file.length; length++) {
      const { message } = await refusal(read(file.subarray(0, length)));
      expect(message, `cut to ${length} bytes`).toMatch(/was cut off|is empty/);
    }
  });

  it('is refused wherever it was cut though its checksum is not asked for', async () => {
    for (let length = 0; length < file.length; length++)
      await refusal(read(file.subarray(0, length), { edited: true }));
  });

  it('is refused wherever it was cut when compressed', async () => {
    const packed = gzipSync(file);
    expect(await readFromDisk(packed)).toBe(3);
    for (let length = 0; length < packed.length; length += 3) {
      const { message } = await refusal(readFromDisk(packed.subarray(0, length)));
      // A single byte is not enough to tell that it is compressed.
      expect(message, `cut to ${length} bytes`).toMatch(length < 2 ? /is empty|is not a backup/ : /was cut off/);
    }
  });

  it('is said to be after how many documents', async () => {
    const end = file.indexOf('# end: ');
    const error = await refusal(read(file.subarray(0, end)));
    expect(error.message).toBe('backup.yaml was cut off after 2 documents: its last line ("# end:") is missing');
  });
});

describe('a backup that was changed', () => {
  it('is refused whatever byte it is', async () => {
    const end = file.lastIndexOf('\n', file.length - 2);
    for (let at = 0; at < file.length; at++) {
      const changed = Buffer.from(file);
      changed[at]! ^= 1;
      const trailer = at > end;
      // A count in the trailer that nobody compares may change; nothing of what is restored may.
      const work = read(changed);
      if (trailer) await work.catch(() => undefined);
      else await refusal(work);
    }
  });

  it('is refused when a document is gone', async () => {
    const text = file.toString();
    const second = text.indexOf('---', text.indexOf('---') + 3);
    const third = text.lastIndexOf('\n---\n') + 1;
    const error = await refusal(read(text.slice(0, second) + text.slice(third)));
    expect(error.message).toContain('was changed since it was made');
    expect(error.hint).toContain('--allow-edited');
  });

  it('is accepted if that is wanted', async () => {
    const { documents } = await read(file.toString().replace('modelName: b', 'modelName: better'), { edited: true });
    expect(documents[1]!.resource.object['spec']).toMatchObject({ modelName: 'better' });
  });

  it('is refused when it is damaged inside its compression', async () => {
    const packed = gzipSync(file);
    const { documents } = await read(file);
    for (let at = 10; at < packed.length; at += 7) {
      const changed = Buffer.from(packed);
      changed[at]! ^= 0x10;
      // A few bits of the compressed form say nothing about the contents.
      const count = await readFromDisk(changed).catch((error: unknown) => error);
      expect(count === documents.length || count instanceof KthenaError, `byte ${at}`).toBe(true);
    }
  });

  it('may have the line ends of another system where it was edited', async () => {
    const text = file.toString().replaceAll('\n', '\r\n');
    const { documents } = await read(text, { edited: true });
    expect(documents.map(({ resource }) => resource.object.metadata.name)).toEqual(['a', 'b', 'c']);
  });
});

describe('what is no backup', () => {
  it.each([
    ['an empty file', '', 'is empty'],
    ['another YAML file', 'apiVersion: v1\nkind: List\n', 'is not a backup of kthena'],
    ['a later format', '# Kthena backup, format 2\n', 'has format 2, which this version of kthena does not know'],
    ['two backups in one file', undefined, 'something follows the end of the backup'],
  ])('is refused: %s', async (_what, text, message) => {
    expect((await refusal(read(text ?? Buffer.concat([file, file])))).message).toContain(message);
  });

  it('is refused: a folder, and a file that is not there', async () => {
    expect((await refusal(openSource(folder))).message).toContain('is not a file');
    expect((await refusal(openSource(join(folder, 'missing')))).message).toContain('does not exist');
  });

  it('is refused: a document before the first separator', async () => {
    const text = forged(file, (body) => body.replace('---\n', 'kind: ClusterRoleBinding\n---\n'));
    expect((await refusal(read(text))).message).toContain('a document that is not separated from the header');
  });
});
