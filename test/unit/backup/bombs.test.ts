import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import { readBackup } from '../../../src/backup/read.js';
import { openSource } from '../../../src/backup/source.js';
import { backupOf, forged, GROUPS, read, refusal, route } from './samples.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;

beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'backup-bombs-'))));
afterAll(() => rm(folder, { recursive: true }));

/** A compressed file of so many bytes of `filler` after the beginning of a backup. */
async function bomb(name: string, filler: Buffer, bytes: number): Promise<string> {
  const path = join(folder, name);
  const start = (await backupOf([])).toString().split('# end: ')[0]!;
  const contents = function* (): Generator<Buffer> {
    yield Buffer.from(`${start}---\n`);
    for (let written = 0; written < bytes; written += filler.length) yield filler;
  };
  await pipeline(Readable.from(contents()), createGzip({ level: 1 }), createWriteStream(path));
  return path;
}

async function outcome(path: string): Promise<{ error: KthenaError; megabytes: number }> {
  const source = await openSource(path);
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
  try {
    const reading = { name: 'bomb', groups: GROUPS, edited: true };
    const error = await refusal(readBackup(source.chunks(), reading, () => undefined));
    return { error, megabytes: (most - before) / 1e6 };
  } finally {
    clearInterval(timer);
    await source.close();
  }
}

describe('a small file that unpacks to a large one', () => {
  it.each([
    ['one endless line', Buffer.alloc(1 << 20, 'a')],
    ['endless empty lines', Buffer.alloc(1 << 20, '\n')],
    ['endless zeros', Buffer.alloc(1 << 20)],
  ])('of %s is refused before it is unpacked', async (_what, filler) => {
    const { error, megabytes } = await outcome(await bomb('lines', filler, 80 << 20));
    expect(error.details.join()).toContain('a document of more than 32 MiB: no resource is so large');
    expect(megabytes).toBeLessThan(250);
  });

  it('of endless documents takes no memory', async () => {
    const { error, megabytes } = await outcome(
      await bomb('documents', Buffer.from('---\na: 1\n'.repeat(1000)), 1 << 19),
    );
    expect(error.message).toContain('was cut off');
    expect(megabytes).toBeLessThan(120);
  });
});

it('names of more namespaces than any cluster has are refused', async () => {
  const head = (await backupOf([])).toString().split('# end: ')[0]!;
  const documents = Array.from(
    { length: 20_002 },
    (_, index) =>
      `---\n{apiVersion: networking.serving.volcano.sh/v1alpha1, kind: ModelRoute, metadata: {name: a, namespace: n${index}}}\n`,
  );
  const error = await refusal(read(`${head}${documents.join('')}# end: {}\n`, { edited: true }));
  expect(error.message).toBe('backup.yaml names more kinds and namespaces than any cluster has');
});

describe('a document that would grow', () => {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const item = level === 0 ? '"lol"' : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array.from({ length: 9 }, () => item).join(',')}]`;
  });

  it.each([
    ['aliases', levels.join('\n'), 'it has an alias (*name)'],
    ['flow lists within each other', `a: ${'['.repeat(100_000)}`, 'it is not valid YAML'],
    ['block lists within each other', `a:\n  ${'- '.repeat(100_000)}x`, 'it is not valid YAML'],
    ['maps within each other', `a: ${'{a: '.repeat(100_000)}`, 'it is not valid YAML'],
    ['JSON within each other aside', '', 'the comment above it'],
  ])('by %s is refused', async (what, document, reason) => {
    const file = await backupOf([route('a')]);
    const aside = what.endsWith('aside') ? `# restore: {"status":${'['.repeat(100_000)}}\n` : '';
    const bad = forged(file, (body) => `${body}---\n${aside}kind: X\n${document}\n`);
    const start = performance.now();
    expect((await refusal(read(bad))).details.join()).toContain(reason);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

it('a file that ends while it is read is no defect', async () => {
  const path = join(folder, 'short');
  await writeFile(path, Buffer.from([0x1f, 0x8b]));
  const source = await openSource(path);
  const reading = { name: 'short', groups: GROUPS, edited: false };
  const error = await refusal(readBackup(source.chunks(), reading, () => undefined));
  await source.close();
  expect(error.message).toContain('was cut off');
});
