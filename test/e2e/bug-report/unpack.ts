import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { TOP } from '../../../src/bugreport/archive.js';

/** The files of an archive as the system's tar unpacks them: their texts by path below the folder at the top, in the archive's order. */
export async function unpack(archive: string): Promise<Map<string, string>> {
  const run = promisify(execFile);
  const { stdout } = await run('tar', ['tzf', archive]);
  const folder = await mkdtemp(join(tmpdir(), 'kthena-report-'));
  try {
    await run('tar', ['xzf', archive, '-C', folder]);
    const [top, ...others] = await readdir(folder);
    if (top !== TOP || others.length > 0) throw new Error(`the archive holds ${[top, ...others].join(', ')}`);
    const paths = stdout.split('\n').filter((line) => line !== '');
    const texts = paths.map(async (path) => [relative(TOP, path), await readFile(join(folder, path), 'utf8')] as const);
    return new Map(await Promise.all(texts));
  } finally {
    await rm(folder, { recursive: true });
  }
}
