import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeDocuments } from '../../../src/actions/template-files.js';

const DOCUMENTS = [{ source: 'kthena/manifests/a.yaml', text: 'kind: A\n' }] as unknown as Parameters<
  typeof writeDocuments
>[1];

describe('writeDocuments', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kthena-files-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes the folders that are missing, and takes those that are there', async () => {
    for (let times = 0; times < 2; times++) {
      const [path] = await writeDocuments(join(folder, 'a', 'b'), DOCUMENTS, 'yaml');
      expect(path).toBe(join(folder, 'a', 'b', 'kthena', 'manifests', 'a.yaml'));
      expect(readFileSync(path!, 'utf8')).toContain('kind: A');
    }
  });

  it('says why it cannot where a file stands in the way', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(writeDocuments(join(folder, 'file'), DOCUMENTS, 'yaml')).rejects.toThrow(/cannot be written: ENOTDIR/);
  });

  it.runIf(existsSync('/proc/self'))(
    'says so where nobody can make a folder, rather than trying for ever',
    async () => {
      await expect(writeDocuments('/proc/none/x', DOCUMENTS, 'yaml')).rejects.toThrow(/cannot be written: ENOENT/);
    },
  );
});
